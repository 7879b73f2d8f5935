import { classifier, codePointAt, unitsOf } from '../tables/char-class.js';
import { Aligned } from './aligned.js';

/** What is done to a text before it's split, in this order. */
export interface BertNormalizer {
  /** Whether control characters are dropped, and all white space becomes spaces. */
  readonly cleanText: boolean;
  /** Whether each Chinese character becomes a word. */
  readonly splitChinese: boolean;
  /** Whether accents are dropped: é becomes e. */
  readonly stripAccents: boolean;
  readonly lowercase: boolean;
}

const plain = 1;
const dropped = 2;
const blank = 3;
const chinese = 4;

const ideographs = /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/u;
const control = /[\0\ufffd\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u;

const kindOf = classifier((char) => {
  // U+FEFF, form feed, and vertical tab are white space to JavaScript, but control characters to BERT.
  if (/[ \t\n\r\p{Z}]/u.test(char)) return blank;
  if (control.test(char)) return dropped;
  return ideographs.test(char) ? chinese : plain;
});

/**
 * A part of a text as BERT normalizes it. Each character is normalized by itself: Σ at the end of a word becomes σ, too.
 *
 * @source Devlin et al. 2018, arXiv:1810.04805
 */
export function bertNormalize(text: string, start: number, end: number, how: BertNormalizer): Aligned {
  const { cleanText, splitChinese, stripAccents, lowercase } = how;
  if (!cleanText && !splitChinese && !stripAccents && !lowercase) return Aligned.same(text, start, end);
  return Aligned.made((put) => {
    for (let at = start; at < end; ) {
      const codePoint = codePointAt(text, at, end);
      const after = at + unitsOf(codePoint);
      const kind = kindOf(codePoint);
      let char = text.slice(at, after);
      if (cleanText && kind === blank) char = ' ';
      else if (cleanText && kind === dropped) char = '';
      if (codePoint >= 0x80 && stripAccents) char = char.normalize('NFD').replace(/\p{Mn}/gu, '');
      if (lowercase) char = char.toLowerCase();
      if (splitChinese && kind === chinese) char = ` ${char} `;
      put(char, at, after);
      at = after;
    }
  });
}

/** How a normalizer is written in a file; null if it does nothing. */
export const normalizerFile = ({
  cleanText,
  splitChinese,
  stripAccents,
  lowercase,
}: BertNormalizer): object | null =>
  cleanText || splitChinese || stripAccents || lowercase
    ? {
        type: 'BertNormalizer',
        clean_text: cleanText,
        handle_chinese_chars: splitChinese,
        strip_accents: stripAccents,
        lowercase,
      }
    : null;
