import { describe, isPlainObject, slip } from '../../core/describe.js';
import { ArgumentError, formatShape, MyelinError } from '../../core/errors.js';
import { nearest } from '../../core/nearest.js';
import { type Shape, sameShape } from '../../core/shape.js';
import { Tensor } from '../../tensor/tensor.js';

/** Tensors under the names that PyTorch gives them. */
export type StateDict = Record<string, Tensor>;

/** A tensor whose shape differs from the module's under that name. */
export interface Misshapen {
  readonly key: string;
  readonly found: Shape;
  readonly expected: Shape;
}

/** Messages cut off longer lists of keys. */
const SHOWN = 20;

/** The keys of a state dict don't match those of the module it was meant for. */
export class StateDictError extends MyelinError {
  override name = 'StateDictError';

  constructor(
    module: string,
    readonly missingKeys: readonly string[],
    readonly unexpectedKeys: readonly string[],
    readonly misshapen: readonly Misshapen[],
    /** What may be wrong and what to do about it. */
    readonly hint?: string,
  ) {
    const list = (title: string, lines: readonly string[]): string => {
      const cut =
        lines.length > SHOWN ? [...lines.slice(0, SHOWN), `… and ${lines.length - SHOWN} more`] : lines;
      return lines.length === 0 ? '' : `\n  ${title}:${cut.map((line) => `\n    ${line}`).join('')}`;
    };
    const withNearest = (key: string, i: number): string => {
      const near = hint === undefined && i < SHOWN ? nearest(key, missingKeys) : undefined;
      return near === undefined ? key : `${key} (did you mean ${near}?)`;
    };
    super(
      'loadStateDict',
      `the state dict doesn't fit ${module}` +
        list('missing', missingKeys) +
        list('unexpected', unexpectedKeys.map(withNearest)) +
        list(
          'with the wrong shape',
          misshapen.map((m) => `${m.key}: ${formatShape(m.found)}, expected ${formatShape(m.expected)}`),
        ) +
        (hint === undefined ? '' : `\n  hint: ${hint}`),
    );
  }
}

export interface LoadResult {
  readonly missingKeys: string[];
  readonly unexpectedKeys: string[];
}

const has = (state: object, key: string): boolean =>
  Object.hasOwn(state, key) && (state as Record<string, unknown>)[key] instanceof Tensor;

/** Describes a `value` that isn't a plain object, and what was probably meant. */
function kindOf(value: unknown): string | null {
  if (value instanceof Tensor) return 'a tensor';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Map) return 'a Map';
  return isPlainObject(value) ? null : `${describe(value)}${slip(value)}${meant(value)}`;
}

const readers: Readonly<Record<string, string>> = {
  safetensors: 'loadSafetensors',
  npz: 'loadNpz',
  pt: 'loadTorch',
  pth: 'loadTorch',
};

/** A hint for a file name, or for a module that has the weights. */
function meant(value: unknown): string {
  if (typeof value === 'string') {
    const reader = readers[value.slice(value.lastIndexOf('.') + 1)];
    return reader === undefined ? '' : `\n  hint: io.${reader}(${describe(value)}) reads it`;
  }
  const isModule = typeof (value as { stateDict?: unknown } | null | undefined)?.stateDict === 'function';
  return isModule ? '\n  hint: its weights are stateDict()' : '';
}

/**
 * The entries of `given` that can't be loaded into `own`; values that aren't tensors are ignored.
 * @throws ArgumentError unless `given` is an object of tensors by name
 */
export function compareStates(own: StateDict, given: StateDict): LoadResult & { misshapen: Misshapen[] } {
  const kind = kindOf(given);
  if (kind !== null)
    throw new ArgumentError('loadStateDict', `takes an object of tensors by name, got ${kind}`);
  const missingKeys = Object.keys(own).filter((key) => !has(given, key));
  const unexpectedKeys = Object.keys(given).filter((key) => !Object.hasOwn(own, key));
  const misshapen = Object.keys(own)
    .filter((key) => has(given, key) && !sameShape(own[key]!.shape, given[key]!.shape))
    .map((key) => ({ key, found: given[key]!.shape, expected: own[key]!.shape }));
  return { missingKeys, unexpectedKeys, misshapen };
}

/** A hint if weights and biases differ only in the number of outputs: they belong to a head for different classes. */
function headHint(misshapen: readonly Misshapen[]): string | undefined {
  const heads = misshapen.every(
    ({ key, found, expected }) =>
      key.includes('.') && found.length === expected.length && sameShape(found.slice(1), expected.slice(1)),
  );
  const weight = misshapen.find(({ found }) => found.length > 1);
  const bias = misshapen.find(({ found }) => found.length === 1);
  if (!heads || weight === undefined || bias === undefined) return undefined;
  const layer = weight.key.slice(0, weight.key.lastIndexOf('.'));
  const [were, are] = [weight.found[0], weight.expected[0]];
  return (
    `'${layer}' has ${were} outputs in the state dict and ${are} in the model; create the model for ${were} classes, ` +
    `load, and then give it a new head: vision.replaceHead(model, ${are}), or model.setSubmodule('${layer}', …)`
  );
}

/** What probably happened: a head for different classes, a checkpoint that contains more, or a different prefix. */
export function hintFor(
  own: StateDict,
  given: StateDict,
  missing: readonly string[],
  misshapen: readonly Misshapen[],
): string | undefined {
  const enough = (count: number): boolean => count > 0 && 2 * count >= Object.keys(own).length;
  if (missing.length === 0) return headHint(misshapen);
  for (const [key, value] of Object.entries(given as Record<string, unknown>))
    if (!(value instanceof Tensor) && typeof value === 'object' && value !== null)
      if (enough(Object.keys(own).filter((name) => has(value, name)).length))
        return `this is a checkpoint with the weights under '${key}'; load state['${key}']`;
  const [first] = missing;
  const longer = Object.keys(given).find((key) => key.endsWith(`.${first}`));
  if (longer !== undefined) {
    const prefix = longer.slice(0, -first!.length);
    if (enough(Object.keys(own).filter((name) => has(given, prefix + name)).length))
      return `the keys start with '${prefix}'; strip it: Object.fromEntries(Object.entries(state).map(([k, x]) => [k.slice(${prefix.length}), x]))`;
  }
  const shorter = Object.keys(given).find((key) => first!.endsWith(`.${key}`));
  if (shorter === undefined) return undefined;
  const prefix = first!.slice(0, -shorter.length);
  const found = Object.keys(own).filter(
    (name) => name.startsWith(prefix) && has(given, name.slice(prefix.length)),
  );
  return enough(found.length)
    ? `the keys lack '${prefix}', so the state dict belongs to a part of the module`
    : undefined;
}
