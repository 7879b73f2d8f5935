/** How a text is cut into the tokens that BLEU counts. */
export type BleuTokenizer = '13a' | 'char' | 'none';

/** Marks that stand by themselves: all of ASCII's except `'`, `,`, `-`, `.`, and letters and digits. */
const marks = /([{-~[-` -&(-+:-@/])/g;

/**
 * The tokenizer of NIST's mteval-v13a, which sacrebleu uses: marks are cut off, periods and commas unless they stand
 * between digits, hyphens after digits.
 */
function mteval(line: string): string[] {
  const text = line.replaceAll('<skipped>', '').replaceAll('-\n', '').replaceAll('\n', ' ');
  const plain = text
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
  const cut = ` ${plain} `
    .replace(marks, ' $1 ')
    .replace(/([^0-9])([.,])/g, '$1 $2 ')
    .replace(/([.,])([^0-9])/g, ' $1 $2')
    .replace(/([0-9])(-)/g, '$1 $2 ');
  return cut.split(/\s+/).filter((token) => token !== '');
}

export const bleuTokenizers: Readonly<Record<BleuTokenizer, (line: string) => string[]>> = {
  '13a': mteval,
  char: (line) => [...line].filter((character) => !/\s/.test(character)),
  none: (line) => line.split(/\s+/).filter((token) => token !== ''),
};
