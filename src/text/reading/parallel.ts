import { requireList } from '../../core/arguments.js';
import { ArgumentError } from '../../core/errors.js';
import { linesOf } from './lines.js';
import { chunksOf, type ReadOptions, readOptions, TextFileError, type TextSource } from './source.js';

/**
 * The aligned lines of several files, such as sentences and their translations: line 1 of each, line 2 of each, …
 *
 * @param sources paths, bytes, or files of a data set; at least two
 * @throws TextFileError naming the file that ends first and the line, if they don't have equally many lines
 * @throws like `readLines`
 * @example
 * const bytes = (text: string) => new TextEncoder().encode(text);
 * const pairs = text.readParallel([bytes('ein Hund\neine Katze\n'), bytes('a dog\na cat\n')]);
 * for await (const [german, english] of pairs) console.log(german, english);
 */
export function readParallel(
  sources: readonly TextSource[],
  options?: ReadOptions,
): AsyncGenerator<string[], void> {
  const read = readOptions('readParallel', options);
  requireList('readParallel', 'sources', sources);
  if (sources.length < 2)
    throw new ArgumentError('readParallel', `needs at least two sources, got ${sources.length}`);
  const names = Array.from(sources, (source) => chunksOf('readParallel', source).name);
  return aligned(
    sources.map((source) => linesOf('readParallel', source, read)),
    names,
  );
}

async function* aligned(
  files: readonly AsyncGenerator<string, void>[],
  names: readonly string[],
): AsyncGenerator<string[], void> {
  try {
    for (let line = 1; ; line++) {
      const next = await Promise.all(files.map((lines) => lines.next()));
      const ended = next.findIndex(({ done }) => done);
      const longer = next.findIndex(({ done }) => !done);
      if (longer < 0) return;
      if (ended >= 0)
        throw new TextFileError(
          'readParallel',
          names[ended]!,
          0,
          line,
          `the file ends before it, but ${names[longer]} has it; are these files of the same text?`,
        );
      yield next.map(({ value }) => value as string);
    }
  } finally {
    await Promise.all(files.map((lines) => lines.return()));
  }
}
