import { createContext, Script } from 'node:vm';

/** Which events of $all a caller wants: those whose stream or type has one of the prefixes, or fits the expression. */
export type Filter = Readonly<{
  on: 'stream' | 'type';
  prefixes: readonly string[];
  /** Asked only when there are no prefixes. */
  regex: Expression;
}>;

/** A regular expression. `test` may throw ExpressionTooSlow. */
export type Expression = Readonly<{ test: (name: string) => boolean }>;

/** An expression takes so long for one name that all others would have to wait. */
export class ExpressionTooSlow extends Error {
  override readonly name = 'ExpressionTooSlow';
}

/** Whether the filter lets an event of this stream and type through. */
export const accepts = ({ prefixes, regex }: Filter, name: string): boolean =>
  prefixes.length > 0 ? prefixes.some((prefix) => name.startsWith(prefix)) : regex.test(name);

/**
 * A regular expression that cannot hold up the server: the command line has V8 go on with a linear search where one
 * backtracks too much (`--enable-experimental-regexp-engine-on-excessive-backtracks`). That search knows no look-around
 * and no back-reference, so that expressions with these run within a limit of time.
 *
 * @throws SyntaxError when it is none.
 */
export const expressionOf = (text: string): Expression => {
  const regex = new RegExp(text);
  return /\(\?<?[=!]|\\[1-9]|\\k</.test(text) ? limited(regex) : regex;
};

/** In milliseconds, for one name. */
const limit = 50;

const limited = (regex: RegExp): Expression => {
  const question = { regex, name: '' };
  const context = createContext(question);
  const script = new Script('regex.test(name)');
  const test = (name: string) => {
    question.name = name;
    try {
      return script.runInContext(context, { timeout: limit }) as boolean;
    } catch {
      throw new ExpressionTooSlow(`The regular expression takes more than ${limit} ms for one name: use a simpler one`);
    }
  };
  return { test };
};
