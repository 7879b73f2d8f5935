import { word } from '../../../core/options.js';
import { classifier, codePointAt, unitsOf } from '../tables/char-class.js';
import type { Aligned } from './aligned.js';

/** How a text is split into words: at white space, or also around each punctuation mark. */
export type WordSplit = 'punctuation' | 'whitespace';

export const wordSplitOption = word(['punctuation', 'whitespace'], 'punctuation');

const part = 1;
const gap = 2;
const mark = 3;

const kindOf = classifier((char) => {
  if (/\s/u.test(char)) return gap;
  return /[\p{P}!-/:-@[-`{-~]/u.test(char) ? mark : part;
});

/** Calls `each` with the start and the end of each word of a normalized text. */
export function splitWords(
  { text }: Aligned,
  split: WordSplit,
  each: (start: number, end: number) => void,
): void {
  const alone = split === 'punctuation' ? mark : 0;
  let start = -1;
  for (let at = 0; at < text.length; ) {
    const codePoint = codePointAt(text, at, text.length);
    const kind = kindOf(codePoint);
    const after = at + unitsOf(codePoint);
    if (start >= 0 && (kind === gap || kind === alone)) {
      each(start, at);
      start = -1;
    }
    if (kind === alone) each(at, after);
    else if (kind !== gap && start < 0) start = at;
    at = after;
  }
  if (start >= 0) each(start, text.length);
}

/** How a split is written in a file. */
export const splitFile = (split: WordSplit): object => ({
  type: split === 'punctuation' ? 'BertPreTokenizer' : 'WhitespaceSplit',
});
