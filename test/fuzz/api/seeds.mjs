// Calls that are right: the samples of the op table, as source text in which numbers, words and inputs are changed.
import { readFileSync } from 'node:fs';

/** `[{ source, inputs: [{ shape, dtype }] }]` */
export const seeds = JSON.parse(readFileSync(process.env.MYELIN_FUZZ_SEEDS, 'utf8'));

const dtypes = ['float32', 'float64', 'int32', 'uint8', 'bool'];
const literal = /(?<![\w.$'])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w.])|'[\w-]+'|\b(?:true|false|null)\b/g;
const near = (text, random) =>
  /^-?\d+$/.test(text) ? String(Number(text) + random.pick([-2, -1, 1, 2])) : text;

/** A seed with one or two literals replaced, by a hostile value or one nearby, and inputs of other kinds. */
export function changed({ source, inputs }, values, random, hostile) {
  const body = source.indexOf('=>');
  const places = [...source.matchAll(literal)].filter((match) => match.index > body);
  const chosen = new Set(
    random.chance(0.8) ? [random.pick(places), random.chance(0.3) ? random.pick(places) : undefined] : [],
  );
  let text = '';
  let from = 0;
  for (const match of places) {
    if (!chosen.has(match)) continue;
    text += source.slice(from, match.index) + (hostile ? values.hostile() : near(match[0], random));
    from = match.index + match[0].length;
  }
  text += source.slice(from);
  const tensors = inputs.map(({ shape, dtype }) => {
    if (hostile && random.chance(0.08)) return values.hostile();
    const other = random.chance(0.06) ? shape.map((n) => (random.chance(0.3) ? random.below(4) : n)) : shape;
    const type = random.chance(0.1) ? random.pick(dtypes) : dtype;
    return `tn([${other.join(', ')}], '${type}', '${random.pick(['plain', 'plain', 'grad', 'turned', 'sliced', 'repeated'])}')`;
  });
  return `(${text})(${tensors.join(', ')})`;
}
