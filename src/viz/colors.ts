/** A color as red, green, and blue from 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

export const rgbOf = (hex: string): Rgb =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;

/** The color between two, at a share from 0 (the first) to 1. */
export const mix = (a: Rgb, b: Rgb, share: number): Rgb =>
  a.map((value, i) => Math.round(value + (b[i]! - value) * share)) as unknown as Rgb;

/** The color at a share of a ramp of equally distant colors. */
export function ramp(stops: readonly Rgb[], share: number): Rgb {
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(at));
  return mix(stops[i]!, stops[i + 1]!, at - i);
}

/** From dark to light, ordered for any color vision. @source viridis, van der Walt and Smith 2015 */
export const viridis: readonly Rgb[] = ['#440154', '#3b528b', '#21918c', '#5ec962', '#fde725'].map(rgbOf);

/** Negative values blue, positive ones red, 0 white. */
export const diverging: readonly Rgb[] = ['#2166ac', '#92c5de', '#ffffff', '#f4a582', '#b2182b'].map(rgbOf);

export const hexOf = (rgb: Rgb): string =>
  `#${rgb.map((value) => value.toString(16).padStart(2, '0')).join('')}`;

/** Whether white text is easier to read on the color than black. */
export const isDark = ([red, green, blue]: Rgb): boolean => 0.299 * red + 0.587 * green + 0.114 * blue < 140;

/** From white to a color that white text can be read on. */
export const blues: readonly Rgb[] = ['#ffffff', '#c6dbef', '#6baed6', '#2171b5', '#08306b'].map(rgbOf);
