import fc from 'fast-check';

/** Text of any characters, with those among them that are treated specially. */
export const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'a',
        'b',
        ' ',
        '  ',
        '\n',
        '\r\n',
        '\t',
        "'s",
        "'ll",
        "'",
        '7',
        '½',
        'é',
        'e\u0301',
        '漢',
        'ﬁ',
      ),
      fc.constantFrom(
        '👍🏽',
        '👩‍👩‍👧',
        '\ud83d',
        '\udc4d',
        '\ufeff',
        '\u00a0',
        '\u3000',
        '!?',
        'Ж',
        'ش',
        '𝒳',
        '\0',
      ),
      fc.constantFrom(
        '각',
        '\u1100\u1161',
        '\u11a8',
        'ｶ\uff9e',
        'ẛ\u0323',
        'İ',
        'ß',
        'Σ',
        '\u0344',
        '▁',
        '<unk>',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''));

/** The text as UTF-8 can have it. */
export const wellFormed = (text: string): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text));
