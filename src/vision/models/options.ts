import { number, whole } from '../../core/options.js';

/** The options that networks share. */
export const numClassesOption = (defaultValue: number) => whole(defaultValue, { least: 1 });
export const dropoutOption = (defaultValue: number) => number(defaultValue, { least: 0, most: 1 });
export const widthOption = number(1, { above: 0 });

/** Multiplies a network's numbers of channels by a factor; at least one channel remains. */
export const widened =
  (width: number) =>
  (channels: number): number =>
    Math.max(1, Math.round(channels * width));
