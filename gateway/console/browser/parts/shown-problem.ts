import { ApiProblem } from '../../../client/problem.js';

/** A problem in words for people. */
export type ShownProblem = Readonly<{ title: string; sentence: string; code: string | null; traceId: string | null }>;

export const shownProblem = (problem: unknown): ShownProblem => {
  if (problem instanceof ApiProblem) {
    const { title = `The platform answered ${problem.status}`, message, code, traceId = null } = problem;
    // Whatever stands between browser and gateway answers in its own way.
    const isOurs = code !== 'undefined';
    const sentence = isOurs ? asSentence(message) : 'It did not say why; try again in a moment.';
    return { title: asSentence(title), sentence, code: isOurs ? code : null, traceId };
  }
  if ((problem as Error).name === 'TypeError')
    return { ...unknown, title: 'The platform cannot be reached.', sentence: 'Check that it runs, then try again.' };
  return { ...unknown, title: 'The console failed.', sentence: 'Load the page again; tell us if it happens again.' };
};

const unknown = { code: null, traceId: null };

const asSentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
