import { EngineError, engineItself } from '../../core/errors.js';
import { mostElements } from '../../core/shape.js';
import type { KernelNumbers } from './numbers.js';

/** Windows that slide over an image with a border, with one number per axis. */
export interface Windows {
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
}

/** Sums of two lengths with borders, strides and dilations stay within 32 bits. */
const longest = 2 ** 30;

function checkVolume(what: string, lengths: readonly number[]): void {
  const volume = lengths.reduce((product, n) => product * n, 1);
  if (volume > mostElements)
    throw new EngineError(
      engineItself,
      `${what} of lengths [${lengths.join(', ')}] has ${volume} places, but kernels count at most ${mostElements}`,
    );
}

/**
 * Writes input, output, kernel, stride, padding, and dilation, each as a list. A stride or dilation longer than
 * the whole image has no effect, because there's only one window, or one place in it; it's cut to the image's length.
 *
 * @throws EngineError for an image that's longer, with its border, than the kernels' arithmetic allows
 */
export function writeWindows(numbers: KernelNumbers, at: number, w: Windows): void {
  const lengths = w.input.map((n, axis) => n + 2 * w.padding[axis]!);
  for (const length of lengths)
    if (length > longest)
      throw new EngineError(
        engineItself,
        `an image of length ${length} with its padding is longer than the ${longest} that kernels take`,
      );
  checkVolume('an image', w.input);
  checkVolume('a result', w.output);
  checkVolume('a window', w.kernel);
  const within = (n: number, axis: number): number => Math.min(n, Math.max(lengths[axis]!, 1));
  let next = numbers.list(at, w.input);
  next = numbers.list(next, w.output);
  next = numbers.list(next, w.kernel);
  next = numbers.list(next, w.stride.map(within));
  next = numbers.list(next, w.padding);
  numbers.list(next, w.dilation.map(within));
}
