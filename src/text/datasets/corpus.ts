import { requireText } from '../../core/arguments.js';
import { type FindOptions, found, type Search } from '../../data/remote.js';
import { linesIn, WholeText } from '../reading/whole.js';
import { findPart, type PartFiles, type TextFiles } from './find-parts.js';

/** One long text. */
export class Corpus {
  constructor(
    /** All of it. */
    readonly text: string,
  ) {
    requireText(new.target.name, 'text', text);
  }

  /** Its lines. */
  get lines(): string[] {
    return linesIn(this.text);
  }

  /** Its name and size. */
  toString(): string {
    return `${this.constructor.name}(${this.text.length.toLocaleString('en-US')} characters)`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** The text of the first file of a part. */
export async function findText(
  operation: string,
  files: TextFiles,
  part: PartFiles,
  options: FindOptions,
): Promise<Search<string>> {
  const search = await findPart(operation, files, part, options);
  if (search.missing !== null) return search;
  return found(new WholeText(operation, search.found[0]!).utf8());
}
