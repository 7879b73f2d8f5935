import { codePointAt, unitsOf } from '../tables/char-class.js';
import { Aligned } from './aligned.js';

/** What may combine with the character before it: marks, the inner letters of Hangul syllables, voiced sound marks. */
const combining = /[\p{M}\u1160-\u11ff\uff9e\uff9f]/u;

/** Splits a part of a text before each character that starts a new one; `starts` tells which does. */
function normalizeRuns(
  text: string,
  start: number,
  end: number,
  starts: (codePoint: number) => boolean,
): Aligned {
  return Aligned.made((put) => {
    for (let from = start; from < end; ) {
      let to = from + unitsOf(codePointAt(text, from, end));
      while (to < end) {
        const codePoint = codePointAt(text, to, end);
        if (starts(codePoint)) break;
        to += unitsOf(codePoint);
      }
      put(text.slice(from, to).normalize('NFKC'), from, to);
      from = to;
    }
  });
}

const isAscii = (codePoint: number): boolean => codePoint < 0x80;

/** A part of a text in Unicode's form NFKC: ﬁ becomes fi, ² becomes 2, and e with an accent after it becomes é. */
export function nfkcNormalize(text: string, start: number, end: number): Aligned {
  const whole = text.slice(start, end).normalize('NFKC');
  if (whole === text.slice(start, end)) return Aligned.same(text, start, end);
  const runs = normalizeRuns(
    text,
    start,
    end,
    (codePoint) => isAscii(codePoint) || !combining.test(String.fromCodePoint(codePoint)),
  );
  // Nothing combines with an ASCII character after it, so longer runs always work.
  return runs.text === whole ? runs : normalizeRuns(text, start, end, isAscii);
}
