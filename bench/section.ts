import { readFileSync, writeFileSync } from 'node:fs';

/**
 * A document with `text` between the markers of a section, `<!-- bench: NAME -->` and `<!-- /bench: NAME -->`. All
 * around them stays.
 *
 * @throws Error if the document doesn't have the two markers, in this order and once
 */
export function replaceSection(document: string, name: string, text: string): string {
  const [begin, end] = [`<!-- bench: ${name} -->\n`, `<!-- /bench: ${name} -->\n`];
  const [before, rest, ...more] = document.split(begin);
  const [old, after, ...evenMore] = rest?.split(end) ?? [];
  if (old === undefined || after === undefined || more.length + evenMore.length > 0)
    throw new Error(`there must be one ${begin.trim()} and one ${end.trim()} behind it`);
  return `${before}${begin}${text.trim()}\n${end}${after}`;
}

/** Replaces sections of a Markdown file by their names. */
export function writeSections(file: string, sections: Readonly<Record<string, string>>): void {
  let document = readFileSync(file, 'utf8');
  for (const [name, text] of Object.entries(sections)) document = replaceSection(document, name, text);
  writeFileSync(file, document);
}
