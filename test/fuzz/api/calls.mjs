// The source text of every call: the same for the same seed and number.
import { fileURLToPath } from 'node:url';
import { readDeclarations } from './declarations.mjs';
import { Random } from './random.mjs';
import { entries } from './scope.mjs';
import { changed, seeds } from './seeds.mjs';
import { findTargets } from './targets.mjs';
import { Values } from './values.mjs';

const declarations = readDeclarations(fileURLToPath(new URL('../../../dist', import.meta.url)));
export const { targets, classes } = findTargets(entries, declarations);

const functions = targets.filter((x) => x.kind === 'function');
const constructors = targets.filter((x) => x.kind === 'class');
const methods = targets.filter((x) => x.kind === 'method');

/** Call number `number`; half of them have something hostile in it. */
export function callOf(seed, number) {
  const random = new Random(seed, number);
  const danger = random.chance(0.5) ? 0.08 : 0;
  const values = new Values(random, declarations, classes);
  switch (random.pick(['seed', 'seed', 'function', 'function', 'method', 'method', 'class'])) {
    case 'seed':
      return changed(random.pick(seeds), values, random, danger > 0);
    case 'method': {
      const { path, signatures } = random.pick(methods);
      return `((x) => x.${path}(${values.list(signatures, danger)}))(${values.tensor()})`;
    }
    case 'function': {
      const { path, signatures } = random.pick(functions);
      return `${path}(${values.list(signatures, danger)})`;
    }
    default: {
      const { path, signatures, methods: all } = random.pick(constructors);
      const late = all.length > 0 && random.chance(0.6);
      const made = `new ${path}(${values.list(signatures.length > 0 ? signatures : [{ file: '', parameters: [] }], late ? 0 : danger)})`;
      if (!late) return made;
      const { name, isStatic, file, parameters } = random.chance(0.5)
        ? (all.find((m) => m.name === 'forward') ?? random.pick(all))
        : random.pick(all);
      const list = values.list([{ file, parameters }], danger);
      return isStatic ? `${path}.${name}(${list})` : `(${made}).${name}(${list})`;
    }
  }
}
