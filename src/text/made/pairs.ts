import { ArgumentError } from '../../core/errors.js';
import { defineOptions, whole } from '../../core/options.js';
import { type MadeTextOptions, madeTextOptions, madeTextSpec, Picker, words } from './picker.js';

export interface ReversalOptions extends MadeTextOptions {
  /** Letters of the shortest word (default 3). */
  readonly minLength?: number | undefined;
  /** Letters of the longest word, at most 256 (default 10). */
  readonly maxLength?: number | undefined;
}

const reversalOptions = defineOptions({
  ...madeTextSpec,
  minLength: whole(3, { least: 1 }),
  maxLength: whole(10, { least: 1, most: 256 }),
});

/**
 * Random words and the same words backward: a small task for sequence-to-sequence models.
 *
 * @throws ArgumentError if `minLength` is above `maxLength`
 * @example
 * const [[word, backward]] = text.reversals({ n: 1, minLength: 4 }) as [[string, string]];
 * [...word].reverse().join('') === backward; // true
 */
export function reversals(options?: ReversalOptions): [string, string][] {
  const { n, seed, minLength, maxLength } = reversalOptions('reversals', options);
  if (minLength > maxLength)
    throw new ArgumentError('reversals', `minLength, ${minLength}, is above maxLength, ${maxLength}`);
  const pick = new Picker(seed);
  return Array.from({ length: n }, () => {
    const letters = Array.from({ length: pick.whole(minLength, maxLength) }, () =>
      String.fromCharCode(pick.whole(97, 122)),
    );
    return [letters.join(''), letters.reverse().join('')];
  });
}

const months = words('January February March April May June July August September October November December');
const weekdays = words('Sunday Monday Tuesday Wednesday Thursday Friday Saturday');

/**
 * Dates as people write them and as machines do: `March 5, 1987` and `1987-03-05`.
 *
 * @example
 * const [[written, date]] = text.writtenDates({ n: 1 }) as [[string, string]];
 * date.length; // 10
 */
export function writtenDates(options?: MadeTextOptions): [string, string][] {
  const { n, seed } = madeTextOptions('writtenDates', options);
  const pick = new Picker(seed);
  return Array.from({ length: n }, () => {
    const date = new Date(Date.UTC(pick.whole(1950, 2049), 0, pick.whole(1, 365)));
    const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
    const name = months[month]!;
    const written = pick.from([
      `${name} ${day}, ${year}`,
      `${day} ${name} ${year}`,
      `${name.slice(0, 3).toLowerCase()} ${day} ${year}`,
      `${month + 1}/${day}/${year}`,
      `${day}.${month + 1}.${year}`,
      `${weekdays[date.getUTCDay()]}, ${name} ${day}, ${year}`,
    ]);
    return [written, date.toISOString().slice(0, 10)];
  });
}

/** German nouns with their genders, and their English words. */
const nouns = [
  ['Mann', 'm', 'man'],
  ['Hund', 'm', 'dog'],
  ['Ball', 'm', 'ball'],
  ['Frau', 'f', 'woman'],
  ['Katze', 'f', 'cat'],
  ['Blume', 'f', 'flower'],
  ['Kind', 'n', 'child'],
  ['Buch', 'n', 'book'],
  ['Pferd', 'n', 'horse'],
] as const;
const adjectives = [
  ['klein', 'small'],
  ['alt', 'old'],
  ['rot', 'red'],
  ['jung', 'young'],
] as const;
const verbs = [
  ['sieht', 'sees'],
  ['findet', 'finds'],
  ['sucht', 'looks for'],
  ['mag', 'likes'],
] as const;
const places = [
  ['im Park', 'in the park'],
  ['am Strand', 'at the beach'],
  ['auf der Straße', 'on the street'],
] as const;
const articles = {
  m: { nominative: ['ein', 'er'], accusative: ['einen', 'en'] },
  f: { nominative: ['eine', 'e'], accusative: ['eine', 'e'] },
  n: { nominative: ['ein', 'es'], accusative: ['ein', 'es'] },
} as const;

/**
 * Short German sentences and their English translations. The German has genders and cases, and sometimes puts the place
 * first, with the verb before the subject.
 *
 * @example
 * text.madeTranslations({ n: 1 });
 */
export function madeTranslations(options?: MadeTextOptions): [string, string][] {
  const { n, seed } = madeTextOptions('madeTranslations', options);
  const pick = new Picker(seed);
  const phrase = (grammaticalCase: 'nominative' | 'accusative'): [string, string] => {
    const [noun, gender, english] = pick.from(nouns);
    const [article, ending] = articles[gender][grammaticalCase];
    const adjective = pick.next() < 0.5 ? pick.from(adjectives) : undefined;
    const start = /^[aeiou]/.test(adjective?.[1] ?? english) ? 'an' : 'a';
    return adjective
      ? [`${article} ${adjective[0]}${ending} ${noun}`, `${start} ${adjective[1]} ${english}`]
      : [`${article} ${noun}`, `${start} ${english}`];
  };
  const begin = (sentence: string): string => `${sentence[0]!.toUpperCase()}${sentence.slice(1)}.`;
  return Array.from({ length: n }, () => {
    const [subject, object] = [phrase('nominative'), phrase('accusative')];
    const verb = pick.from(verbs);
    const place = pick.next() < 0.6 ? pick.from(places) : undefined;
    const isInverted = place !== undefined && pick.next() < 0.4;
    const german = isInverted
      ? `${place[0]} ${verb[0]} ${subject[0]} ${object[0]}`
      : `${subject[0]} ${verb[0]} ${object[0]}${place ? ` ${place[0]}` : ''}`;
    const english = isInverted
      ? `${place[1]} ${subject[1]} ${verb[1]} ${object[1]}`
      : `${subject[1]} ${verb[1]} ${object[1]}${place ? ` ${place[1]}` : ''}`;
    return [begin(german), begin(english)];
  });
}
