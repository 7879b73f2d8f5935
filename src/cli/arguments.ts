import { RunFolder } from '../train/index.js';
import { UsageError } from './failure.js';

/** Dashes that word processors substitute for hyphens. */
const dashes: Readonly<Record<string, string>> = {
  '\u2010': 'a typographic hyphen',
  '\u2011': 'a typographic hyphen',
  '\u2012': 'a figure dash',
  '\u2013': 'an en dash',
  '\u2014': 'an em dash',
  '\u2212': 'a minus sign',
};

function requireHyphens(words: readonly string[]): void {
  for (const word of words) {
    const dash = dashes[word[0] ?? ''];
    if (dash === undefined) continue;
    const bare = word.replace(/^[-\u2010-\u2014\u2212]+/, '');
    if (bare === '') continue;
    const meant = /^[\d.]/.test(bare) ? `-${bare}` : `--${bare}`;
    throw new UsageError(`'${word}' begins with ${dash}; did you mean ${meant}?`);
  }
}

/** The folder that `--resume` names. */
function resumedRun(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => word === '--resume' || word.startsWith('--resume='));
  if (at < 0) return undefined;
  return words[at]!.includes('=') ? words[at]!.slice('--resume='.length) : words[at + 1];
}

/**
 * The words of a command line in the form the commands expect: `train --resume DIR` and `search --resume DIR` get
 * the recipe of the run.
 *
 * @throws UsageError for a word that begins with a dash other than a hyphen
 * @throws FileError if there's no run in the folder
 */
export function completeArguments(words: readonly string[]): string[] {
  requireHyphens(words);
  const [command, next] = words;
  const run = resumedRun(words);
  if ((command !== 'train' && command !== 'search') || run === undefined || !next?.startsWith('-'))
    return [...words];
  const recipe = String(RunFolder.open(run).config.recipe);
  const isSearch = recipe.startsWith('search-');
  if (isSearch !== (command === 'search'))
    throw new UsageError(
      isSearch
        ? `${run} is a search; continue it with myelin search --resume ${run}`
        : `${run} isn't a search; continue it with myelin train --resume ${run}`,
    );
  return [command, recipe.replace(/^search-/, ''), ...words.slice(1)];
}
