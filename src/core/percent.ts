/** `98.4 %`: a share in percent, with so many decimals. */
export const percent = (share: number, decimals = 1): string =>
  `${(100 * share).toFixed(decimals).replace(/^-(?=[0.]*$)/, '')} %`;

/** `98 %`: how far work is, rounded down, so that only finished work is at 100 %. */
export const percentDone = (share: number): string => percent(Math.floor(100 * share) / 100, 0);
