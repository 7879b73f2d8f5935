/** How a kernel or window moves along one axis. */
export interface Sliding {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
}

/**
 * Places of a kernel along an axis of `length` elements: ⌊(length + padding − d(k − 1) − 1) / s⌋ + 1; less
 * than 1 if it doesn't fit.
 *
 * @param padding elements added before and behind, together
 */
export const convLength = (length: number, padding: number, { kernel, stride, dilation }: Sliding): number =>
  Math.floor((length + padding - dilation * (kernel - 1) - 1) / stride) + 1;

/**
 * Length of what a transposed convolution makes: (length − 1)s − padding + d(k − 1) + extra + 1.
 *
 * @param padding elements taken away before and behind, together
 * @param extra elements added behind
 */
export const convTransposeLength = (
  length: number,
  padding: number,
  extra: number,
  { kernel, stride, dilation }: Sliding,
): number => (length - 1) * stride - padding + dilation * (kernel - 1) + extra + 1;

/**
 * Places of a pooling window along an axis, as `convLength` has it.
 *
 * @param padding elements added before, and as many behind
 * @param ceil whether a last window may reach beyond the end; one that starts in the padding behind is left out
 */
export function poolLength(length: number, padding: number, ceil: boolean, window: Sliding): number {
  const { stride } = window;
  const places = convLength(length, 2 * padding + (ceil ? stride - 1 : 0), window);
  return ceil && (places - 1) * stride >= length + padding ? places - 1 : places;
}
