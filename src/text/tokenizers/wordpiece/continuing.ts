/** What tokens start with that continue a word. */
export const continuing = '##';
