import { LabeledTexts } from '../datasets/labeled-texts.js';
import { type MadeTextOptions, madeTextOptions, Picker, words } from './picker.js';

const subjects = words('film movie plot cast story script ending music dialogue camera');
const praise = words('good great moving funny brilliant warm clever fresh beautiful gripping');
const blame = words('bad dull slow silly weak cold boring stale clumsy tired');
const degrees = ['', 'very ', 'really ', 'quite ', 'so '];
const frames = [
  (what: string, how: string) => `the ${what} is ${how}`,
  (what: string, how: string) => `i found the ${what} ${how}`,
  (what: string, how: string) => `a ${how} ${what}`,
  (what: string, how: string) => `what a ${how} ${what}`,
] as const;

/**
 * Sentences about films, 0 negative and 1 positive. Some say "not good", or take back how they began, so counting words
 * isn't enough: "the plot is bad but the music is great".
 *
 * @example
 * text.madeReviews({ n: 2, seed: 1 }).texts;
 */
export function madeReviews(options?: MadeTextOptions): LabeledTexts {
  const { n, seed } = madeTextOptions('madeReviews', options);
  const pick = new Picker(seed);
  const clause = (isGood: boolean): string => {
    const isNegated = pick.next() < 0.3;
    const list = isGood !== isNegated ? praise : blame;
    return pick.from(frames)(
      pick.from(subjects),
      `${isNegated ? 'not ' : ''}${pick.from(degrees)}${pick.from(list)}`,
    );
  };
  const labels = Uint8Array.from({ length: n }, () => (pick.next() < 0.5 ? 0 : 1));
  const texts = Array.from(labels, (label) => {
    const isGood = label === 1;
    const [first, second] = [clause(!isGood), clause(isGood)];
    return `${pick.next() < 0.4 ? `${first} but ${second}` : second} .`;
  });
  return new LabeledTexts(texts, labels, ['negative', 'positive']);
}
