// What the figures came to, as a table for people and for programs.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { engineInfo } from '../dist/index.js';

const headings = ['figure', 'source', 'measured', 'reach', ''];

/** A table of Markdown that is also one for the eye. */
function markdown(rows) {
  const widths = headings.map((_, column) => Math.max(3, ...rows.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const [first, ...others] = rows;
  return [
    line(first),
    `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`,
    ...others.map(line),
  ].join('\n');
}

/** Writes a file, whole or not at all. */
function write(path, text) {
  writeFileSync(`${path}.tmp`, text);
  renameSync(`${path}.tmp`, path);
}

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

/**
 * Writes what a figure came to into its folder.
 *
 * @param {import('./main.mjs').Figure} figure
 * @param {{ measured: string, reached: boolean }} found
 */
export function saveFigure(out, { name, title, source, reach }, { measured, reached }) {
  const environment = { node: process.version, engine: engineInfo() };
  write(
    join(out, name, 'figure.json'),
    json({ name, title, source, measured, reach, reached, ...environment }),
  );
}

/**
 * Writes `figures.md` and `figures.json`: all figures of the chapter, as far as they were made.
 *
 * @param {import('./main.mjs').Chapter} chapter
 * @returns the table
 */
export function saveTable(out, { title, figures }) {
  const rows = figures.map(({ name, title, source, reach }) => {
    const file = join(out, name, 'figure.json');
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
    return { name, title, source, measured: 'not made yet', reach, reached: null };
  });
  const verdict = { true: 'reached', false: 'not reached', null: '' };
  const table = markdown([
    headings,
    ...rows.map(({ title, source, measured, reach, reached }) => [
      title,
      source,
      measured,
      reach,
      verdict[reached],
    ]),
  ]);
  mkdirSync(out, { recursive: true });
  write(join(out, 'figures.md'), `# ${title}\n\n${table}\n`);
  write(join(out, 'figures.json'), json({ title, figures: rows }));
  return table;
}
