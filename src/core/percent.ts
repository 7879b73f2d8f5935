/** `98.4 %`: a share in percent, with so many decimals. */
export const percent = (share: number, decimals = 1): string =>
  `${(100 * share).toFixed(decimals).replace(/^-(?=[0.]*$)/, '')} %`;
