/** The most arrays and objects that may lie in one another in a body: none that the API takes has more than four. */
export const mostDepth = 32;

/**
 * Whether arrays and objects in a JSON text (UTF-8) lie deeper in one another than `most`. It looks at bytes alone, so it
 * comes before the parser, and does not mind whether the text is JSON.
 */
export const isDeeperThan = (text: Uint8Array, most: number): boolean => {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const byte = text[index];
    if (isInString) {
      if (byte === backslash) index += 1;
      else if (byte === quote) isInString = false;
    } else if (byte === quote) isInString = true;
    else if (byte === openBrace || byte === openBracket) {
      depth += 1;
      if (depth > most) return true;
    } else if (byte === closeBrace || byte === closeBracket) depth -= 1;
  }
  return false;
};

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d];
