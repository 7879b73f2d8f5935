import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { replaceSection, writeSections } from '../../bench/section.js';

const root = path.resolve(import.meta.dirname, '../..');

function bench(...words: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['bench/run.mjs', ...words], { cwd: root, encoding: 'utf8' });
}

describe('the command', () => {
  test.each([['--help'], ['-h'], ['ops', '--help']])('prints help for %s %s', (...words) => {
    const { status, stdout, stderr } = bench(...words);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^npm run bench \[-- \[ops\] \[WORD …\] \[--write\]\]/);
  });

  test.each([
    [['--writ'], "Unknown option '--writ'"],
    [['gemm', '--write'], '--write takes the tables of a whole run: leave the words out'],
    [['ops', 'add', '--write'], '--write takes the tables of a whole run: leave the words out'],
  ])('refuses %j', (words, problem) => {
    const { status, stdout, stderr } = bench(...words);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(problem);
    expect(stderr).toContain('npm run bench [--');
  });

  test.each([
    [
      ['nosuch', 'neither'],
      /^no workload's row, case or engine contains nosuch or neither; the rows are\n( {2}.+\n)+$/,
    ],
    [['ops', 'nosuch'], /^no operation's name contains nosuch\n$/],
  ])('refuses words that name nothing: %j', (words, problem) => {
    const { status, stdout, stderr } = bench(...words);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(problem);
  });
});

describe('sections of a document', () => {
  const document = `# Title

Written by hand.

<!-- bench: one -->
old
<!-- /bench: one -->

More by hand.

<!-- bench: two -->
<!-- /bench: two -->
`;

  test('are replaced between their markers, and all else stays', () => {
    const replaced = replaceSection(document, 'one', '\n| new |\n\n| newer |\n');
    expect(replaced).toBe(document.replace('old\n', '| new |\n\n| newer |\n'));
    expect(replaceSection(replaced, 'one', 'old')).toBe(document);
    expect(replaceSection(document, 'two', '$& $1')).toBe(
      document.replace('two -->\n', () => 'two -->\n$& $1\n'),
    );
  });

  test.each([
    ['missing', document.replace('<!-- /bench: one -->\n', '')],
    ['twice', `${document}<!-- bench: one -->\n<!-- /bench: one -->\n`],
    [
      'the wrong way round',
      document
        .replace('<!-- bench: one -->', '<!-- x -->')
        .replace('<!-- /bench: one -->', '<!-- bench: one -->')
        .replace('<!-- x -->', '<!-- /bench: one -->'),
    ],
  ])('are refused with markers %s', (_, broken) => {
    expect(() => replaceSection(broken, 'one', 'new')).toThrow(
      'there must be one <!-- bench: one --> and one <!-- /bench: one --> behind it',
    );
  });

  test('of a file are written together', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'myelin-'));
    const file = path.join(folder, 'document.md');
    try {
      writeFileSync(file, document);
      writeSections(file, { one: 'first', two: 'second' });
      expect(readFileSync(file, 'utf8')).toBe(
        document.replace('old', 'first').replace('two -->\n', 'two -->\nsecond\n'),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each([
    ['docs/performance.md', 'summary'],
    ['docs/performance.md', 'measurements'],
    ['docs/performance-ops.md', 'operations'],
  ])('%s has the section %s', (file, name) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    const replaced = replaceSection(text, name, 'new');
    expect(replaced).toContain(`<!-- bench: ${name} -->\nnew\n<!-- /bench: ${name} -->\n`);
    expect(replaced.length).toBeLessThan(text.length);
  });
});
