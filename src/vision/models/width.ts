import { ArgumentError } from '../../core/errors.js';

/**
 * The factor of a network's numbers of channels, as a function of them; at least one is left.
 *
 * @throws ArgumentError unless the factor is positive
 */
export function widened(network: string, width: number): (channels: number) => number {
  if (!(width > 0 && width < Number.POSITIVE_INFINITY))
    throw new ArgumentError(network, `width must be a number above 0, not ${width}`);
  return (channels) => Math.max(1, Math.round(channels * width));
}
