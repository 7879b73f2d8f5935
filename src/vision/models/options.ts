import { number, whole } from '../../core/options.js';

/** What the options that networks share may be. */
export const numClassesOption = (defaultValue: number) => whole(defaultValue, { least: 1 });
export const dropoutOption = (defaultValue: number) => number(defaultValue, { least: 0, most: 1 });
export const widthOption = number(1, { above: 0 });

/** The factor of a network's numbers of channels, as a function of them; at least one remains. */
export const widened =
  (width: number) =>
  (channels: number): number =>
    Math.max(1, Math.round(channels * width));
