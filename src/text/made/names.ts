import { LabeledTexts } from '../datasets/labeled-texts.js';
import { type MadeTextOptions, madeTextOptions, Picker, words } from './picker.js';

/** Syllables that names of a language are made of. */
const languages = {
  Arabic: {
    start: words('Abd Al Has Kha Mah Nas Sal Tah'),
    middle: words('a i u ou ee'),
    end: words('lim mad ouf ri san far eem bi'),
  },
  Czech: {
    start: words('Bla Dvo Hru Kre Nov Pro Svo Vla'),
    middle: words('c s z r h'),
    end: words('ek ak ik cky ova nek sky cek'),
  },
  English: {
    start: words('Ash Black Clay Hart Nor Thorn West Wood'),
    middle: words('s el er ing y'),
    end: words('ton ley ford man worth son field well'),
  },
  Italian: {
    start: words('Bel Cap Fer Gal Mar Ros Sal Vit'),
    middle: words('a e i o u'),
    end: words('lini ni retti cci none tino ra sco'),
  },
  Japanese: {
    start: words('Ha Ka Ki Mo Na Sa Ta Yo'),
    middle: words('ka ma na shi to'),
    end: words('mura moto da yama hara ki no mi'),
  },
  Russian: {
    start: words('Al Bor Dm Gor Iv Kar Vas Zh'),
    middle: words('a e i o y'),
    end: words('nov kov sky enko yev chuk nikov tsev'),
  },
} as const;

/**
 * Invented family names in the style of six languages, the classes.
 *
 * @example
 * text.madeNames({ n: 3 }).texts;
 */
export function madeNames(options?: MadeTextOptions): LabeledTexts {
  const { n, seed } = madeTextOptions('madeNames', options);
  const pick = new Picker(seed);
  const styles = Object.values(languages);
  const labels = Uint8Array.from({ length: n }, () => pick.whole(0, styles.length - 1));
  const texts = Array.from(labels, (label) => {
    const { start, middle, end } = styles[label]!;
    const inner = Array.from({ length: pick.whole(0, 2) }, () => pick.from(middle));
    return [pick.from(start), ...inner, pick.from(end)].join('');
  });
  return new LabeledTexts(texts, labels, Object.keys(languages));
}
