/** The start of tokens that continue a word. */
export const continuing = '##';
