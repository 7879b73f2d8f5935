import { formatShape, MyelinError } from '../core/errors.js';
import { type Shape, sameShape } from '../core/shape.js';
import type { Tensor } from '../tensor/tensor.js';

/** Tensors by name, as PyTorch names them. */
export type StateDict = Record<string, Tensor>;

/** A tensor whose shape is not what the module has under that name. */
export interface Misshapen {
  readonly key: string;
  readonly found: Shape;
  readonly expected: Shape;
}

/** Keys of a state dict and of the module it was meant for disagree. */
export class StateDictError extends MyelinError {
  override name = 'StateDictError';

  constructor(
    module: string,
    readonly missingKeys: readonly string[],
    readonly unexpectedKeys: readonly string[],
    readonly misshapen: readonly Misshapen[],
  ) {
    const list = (title: string, lines: readonly string[]): string =>
      lines.length === 0 ? '' : `\n  ${title}:${lines.map((line) => `\n    ${line}`).join('')}`;
    super(
      'loadStateDict',
      `the state dict does not fit ${module}` +
        list('missing', missingKeys) +
        list('unexpected', unexpectedKeys) +
        list(
          'of another shape',
          misshapen.map((m) => `${m.key}: ${formatShape(m.found)}, expected ${formatShape(m.expected)}`),
        ),
    );
  }
}

export interface LoadResult {
  readonly missingKeys: string[];
  readonly unexpectedKeys: string[];
}

/** What of `given` cannot be loaded into `own`. */
export function compareStates(own: StateDict, given: StateDict): LoadResult & { misshapen: Misshapen[] } {
  const missingKeys = Object.keys(own).filter((key) => !Object.hasOwn(given, key));
  const unexpectedKeys = Object.keys(given).filter((key) => !Object.hasOwn(own, key));
  const misshapen = Object.keys(own)
    .filter((key) => Object.hasOwn(given, key) && !sameShape(own[key]!.shape, given[key]!.shape))
    .map((key) => ({ key, found: given[key]!.shape, expected: own[key]!.shape }));
  return { missingKeys, unexpectedKeys, misshapen };
}
