/** How numbers are written. */
export interface NumberStyle {
  readonly decimal: '.' | ',';
  /** Between groups of three digits. */
  readonly thousands: string | undefined;
}

const [TAB, SPACE, PLUS, MINUS, ZERO, LETTER_E, LOWER_CASE] = [0x09, 0x20, 0x2b, 0x2d, 0x30, 0x65, 0x20];

/** Powers of ten that a double represents exactly. */
const powers = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/** Largest exponent handled here; beyond it, the text is parsed instead. */
const LONGEST_EXPONENT = 10_000;

const words: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '+infinity': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  '-infinity': Number.NEGATIVE_INFINITY,
};

/** The decimal number in a text, or undefined. */
export function numberOf(text: string, { decimal, thousands }: NumberStyle): number | undefined {
  let trimmed = text.trim();
  if (thousands !== undefined && trimmed.includes(thousands)) {
    const [whole, ...rest] = trimmed.split(decimal);
    const groups = whole!.split(thousands);
    const isGrouped = groups.every((group, i) => (i === 0 ? /^[+-]?\d{1,3}$/ : /^\d{3}$/).test(group));
    if (!isGrouped || rest.length > 1) return undefined;
    trimmed = [groups.join(''), ...rest].join(decimal);
  }
  if (decimal === ',') {
    if (trimmed.includes('.')) return undefined;
    trimmed = trimmed.replace(',', '.');
  }
  if (trimmed === '' || /^[+-]?0[xob]/i.test(trimmed)) return undefined;
  const value = Number(trimmed);
  if (Number.isFinite(value)) return value;
  const word = trimmed.toLowerCase();
  if (Object.hasOwn(words, word)) return words[word];
  // Beyond the largest double; other readers also give an infinity.
  return /^[+-]?(\d+\.?\d*|\.\d+)e\+?\d+$/i.test(trimmed) || /^[+-]?\d{300,}\.?\d*$/.test(trimmed)
    ? value
    : undefined;
}

/** Whether a text is a whole number that its double doesn't equal. */
export function isRounded(text: string, value: number, { thousands }: NumberStyle): boolean {
  if (Number.isSafeInteger(value) || !Number.isInteger(value)) return false;
  const digits = (thousands === undefined ? text : text.replaceAll(thousands, '')).trim().replace('+', '');
  return /^-?\d+$/.test(digits) && BigInt(digits) !== BigInt(value);
}

/**
 * Reads decimal numbers that are the product or quotient of two exact doubles, so they're rounded only once: digits
 * up to 2⁵³, and a power of ten up to 22.
 *
 * @source Clinger 1990, How to Read Floating Point Numbers Accurately, doi:10.1145/93542.93557
 */
export class NumberScanner {
  /** Where the last number ends. */
  end = 0;

  /** @param decimal the byte of the decimal separator */
  constructor(readonly decimal: number) {}

  /** The number that begins at `start`; NaN if there's none, or if it has to be parsed as text. */
  scan(bytes: Uint8Array, start: number, stop: number): number {
    let at = start;
    this.end = start;
    const isNegative = at < stop && bytes[at] === MINUS;
    if (isNegative || (at < stop && bytes[at] === PLUS)) at++;

    let digits = 0;
    let begin = at;
    let digit: number;
    for (; at < stop; at++) {
      digit = bytes[at]! - ZERO;
      if (digit < 0 || digit > 9) break;
      digits = 10 * digits + digit;
    }
    let count = at - begin;
    let exponent = 0;
    if (at < stop && bytes[at] === this.decimal) {
      begin = ++at;
      for (; at < stop; at++) {
        digit = bytes[at]! - ZERO;
        if (digit < 0 || digit > 9) break;
        digits = 10 * digits + digit;
      }
      exponent = begin - at;
      count += at - begin;
    }
    if (count === 0 || digits > Number.MAX_SAFE_INTEGER) return Number.NaN;
    if (at < stop && (bytes[at]! | LOWER_CASE) === LETTER_E) {
      at++;
      const isDown = at < stop && bytes[at] === MINUS;
      if (isDown || (at < stop && bytes[at] === PLUS)) at++;
      begin = at;
      let power = 0;
      for (; at < stop; at++) {
        digit = bytes[at]! - ZERO;
        if (digit < 0 || digit > 9) break;
        if (power > LONGEST_EXPONENT) return Number.NaN;
        power = 10 * power + digit;
      }
      if (at === begin) return Number.NaN;
      exponent += isDown ? -power : power;
    }
    if (exponent < -22 || exponent > 22) return Number.NaN;
    this.end = at;
    const value = exponent < 0 ? digits / powers[-exponent]! : digits * powers[exponent]!;
    return isNegative ? -value : value;
  }

  /** The number that is all there is from `start` to `end` but blanks; NaN as for `scan`. */
  only(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    let stop = end;
    while (at < stop && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
    while (at < stop && (bytes[stop - 1] === SPACE || bytes[stop - 1] === TAB)) stop--;
    const value = this.scan(bytes, at, stop);
    return this.end === stop ? value : Number.NaN;
  }
}
