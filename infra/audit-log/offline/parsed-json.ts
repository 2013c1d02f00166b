/** What JSON says, taken to be what it should be; `null` where it is no JSON. */
export const parsedJson = <Value>(text: string): Value | null => {
  try {
    return JSON.parse(text) as Value | null;
  } catch {
    return null;
  }
};
