import fc from 'fast-check';
import { wordsOf } from './words.js';

describe('the words of a text', () => {
  it.each([
    ['nothing', '', []],
    ['spaces and signs', ' .*+?^$()[]{}|\\- \0', []],
    ['words between signs', 'Smuggler C++ (e-bike)', ['smuggler', 'c', 'e', 'bike']],
    ['a word twice', 'Mug mug MUG', ['mug']],
    ['digits', 'Mug 2.0, Größe 43', ['mug', '2', '0', 'grösse', '43']],
    ['accents', 'ÖL Élan', ['öl', 'élan']],
    ['accents that are encoded apart', 'O\u0308l', ['öl']],
    ['marks that no letter takes in', 'हिन्दी', ['हिन्दी']],
    ['ligatures and wide letters', 'ﬁne ＭＵＧ', ['fine', 'mug']],
    ['a sigma at the end of a word', 'ΟΔΟΣ οδος', ['οδοσ']],
    ['letters that are two in capitals', 'Straße STRASSE STRAẞE', ['strasse']],
    ['letters beyond the first plane', '𝒜 𐐀', ['a', '𐐨']],
    ['half a letter', 'a\ud800b', ['a', 'b']],
  ])('are those of %s', (_, text, words) => expect(wordsOf(text)).toEqual(words));

  it('hold nothing that means something in a regular expression', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(wordsOf(text).join('')).not.toMatch(/[\\^$.*+?()[\]{}|\s-]/);
      }),
    ));

  it('are their own words', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(wordsOf(wordsOf(text).join(' '))).toEqual(wordsOf(text));
      }),
    ));
});
