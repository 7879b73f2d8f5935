/** Colors of the terminal in an order where neighbors differ: blue, yellow, red, cyan, magenta, green. */
const codes = [34, 33, 31, 36, 35, 32];

/** A text in the color of series `i`, if the terminal shows colors. */
export const inColor = (text: string, i: number, color: boolean): string =>
  color ? `\u001b[${codes[i % codes.length]}m${text}\u001b[39m` : text;
