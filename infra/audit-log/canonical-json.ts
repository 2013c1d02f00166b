/**
 * A value that `JSON.parse` can give, as the one text that RFC 8785 has for it: keys in the order of their UTF-16 units,
 * no white space, numbers and strings as ECMAScript writes them. Half a surrogate pair, which the RFC refuses, is escaped
 * as `JSON.stringify` does, so that every event has a text.
 */
export const canonicalJson = (value: unknown): string => {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (typeof value !== 'object' || value === null) return String(value);
  return Array.isArray(value) ? listOf(value) : objectOf(value as Readonly<Record<string, unknown>>);
};

const listOf = (items: readonly unknown[]): string => {
  let text = '[';
  for (let index = 0; index < items.length; index += 1) text += (index === 0 ? '' : ',') + canonicalJson(items[index]);
  return `${text}]`;
};

const objectOf = (value: Readonly<Record<string, unknown>>): string => {
  let text = '{';
  for (const key of inOrder(Object.keys(value)))
    text += (text === '{' ? '' : ',') + keyText(key) + canonicalJson(value[key]);
  return `${text}}`;
};

/** Most strings hold nothing to escape, and are then faster without a call of `JSON.stringify`. */
const quoted = (text: string): string => (isPlain.test(text) ? `"${text}"` : JSON.stringify(text));

const isPlain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** The keys themselves, sorted: few as they are, this is faster than `sort`. */
const inOrder = (keys: string[]): readonly string[] => {
  for (let next = 1; next < keys.length; next += 1) {
    const key = keys[next] as string;
    let place = next;
    for (; place > 0 && (keys[place - 1] as string) > key; place -= 1) keys[place] = keys[place - 1] as string;
    keys[place] = key;
  }
  return keys;
};

const keyText = (key: string): string => {
  const known = keyTexts.get(key);
  if (known !== undefined) return known;
  // Some keys are ids, of which there is no end.
  if (keyTexts.size === mostKeys) keyTexts.clear();
  const text = `${JSON.stringify(key)}:`;
  keyTexts.set(key, text);
  return text;
};

const mostKeys = 1_000;
const keyTexts = new Map<string, string>();
