/**
 * The words of a text in lower case: letters with their apostrophes, numbers, and runs of other signs. Texts that are
 * split already don't change.
 */
export const wordsOf = (text: string): string[] =>
  text.toLowerCase().match(/['’]?\p{L}[\p{L}\p{M}'’]*|\p{N}+(?:[.,]\p{N}+)*|[^\s\p{L}\p{N}]+/gu) ?? [];
