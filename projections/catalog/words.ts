/**
 * The words of a text in the form in which they are compared: letters, marks and digits only, without regard to case or
 * to how a letter is encoded, each once. What a text says in other characters is in none of them.
 */
export const wordsOf = (text: string): readonly string[] => [
  ...new Set(
    folded(text)
      .split(/[^\p{L}\p{M}\p{N}]+/u)
      .filter((word) => word !== ''),
  ),
];

/**
 * Letter by letter: what a capital sigma becomes depends on what follows, and a beginning does not know that. By way of
 * small letters, since a capital sharp s is only then two letters.
 */
const folded = (text: string): string =>
  Array.from(text.normalize('NFKC'), (letter) => letter.toLowerCase().toUpperCase().toLowerCase()).join('');
