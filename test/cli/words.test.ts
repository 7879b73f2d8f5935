import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prompt } from '../../src/cli/words.js';
import { WordVectors } from '../../src/text/index.js';
import { buildCommand, myelin } from './command.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-'));
beforeAll(async () => {
  await buildCommand();
  writeFileSync(
    join(folder, 'vectors.txt'),
    'man 1 0 0 0\nwoman 0 1 0 0\nking 1 0 1 0\nqueen 0 1 1 0\ncar 0 0 0 3\n',
  );
  const lines = Array.from({ length: 60 }, (_, i) =>
    i % 2 === 0 ? 'The cat eats; the dog eats.' : 'One dollar buys, one euro buys!',
  );
  writeFileSync(join(folder, 'text.txt'), `${lines.join('\n')}\n`);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

const words = (...args: string[]) => myelin(['words', ...args], { cwd: folder });

test('questions as arguments', async () => {
  const { code, stdout, stderr } = await words(
    ...['vectors.txt', '--top', '2', '--quiet', 'king - man + woman', 'neighbours king'],
    ...['similarity man queen', 'lean man woman: queen king'],
  );
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toBe(`
king - man + woman
queen  0.959
car    0.000

neighbours king
man    0.707
queen  0.500

similarity man queen
cosine 0.000, Euclidean distance 1.732

lean man woman: queen king
king    0.500    to man
queen  -0.500  to woman
`);
}, 60_000);

test('trains on a text, and saves what it learned', async () => {
  const flags = ['--dim', '8', '--epochs', '2', '--threads', '1', '--save', 'own.bin'];
  const { code, stdout } = await words('text.txt', ...flags, 'cat');
  expect(code).toBe(0);
  const [text, vectors, saved, ...answers] = stdout.trimEnd().split('\n');
  expect([text, vectors, saved]).toEqual([
    'text: 360 words, 8 different',
    'vectors: 8 words, 8 numbers each',
    'saved: own.bin',
  ]);
  expect(answers).toHaveLength(7);
  expect(readFileSync(join(folder, 'own.bin'), 'latin1').slice(0, 4)).toBe('8 8\n');
  const opened = await words('own.bin', 'cat');
  expect(opened.stdout.split('\n').slice(1).join('\n')).toBe(`${answers.join('\n')}\n`);
}, 60_000);

test('what goes wrong is said', async () => {
  const unknown = await words('vectors.txt', 'kin');
  expect([unknown.code, unknown.stderr]).toEqual([
    1,
    'ArgumentError: WordVectors: there\'s no vector for "kin"\n  hint: did you mean "king"?\n',
  ]);
  writeFileSync(join(folder, 'bad.txt'), 'a 1 2\nb 3\n');
  const bad = await words('bad.txt', 'a');
  expect(bad.stderr).toBe(
    'TextFileError: bad.txt, byte 7: line 2: has 1 number, but the rows before have 2\n',
  );
  writeFileSync(join(folder, 'empty.txt'), '');
  expect((await words('empty.txt', 'a')).stderr).toBe('error: empty.txt is empty\n');
}, 60_000);

test('a person at a terminal gets a prompt, answers, and errors as answers', async () => {
  const vectors = await WordVectors.load(join(folder, 'vectors.txt'));
  const terminal = { isTTY: true, setRawMode: () => terminal, columns: 80 };
  const input = Object.assign(new PassThrough(), terminal) as unknown as NodeJS.ReadStream;
  const output = Object.assign(new PassThrough({ encoding: 'utf8' }), terminal);
  const asked = prompt(vectors, { top: 1, method: 'add' }, input, output);
  for (const line of ['king - man + woman', '', 'neighbors kin', 'quit', 'car']) input.write(`${line}\r`);
  await asked;
  const lines: string[] = output.read().split(/\r?\n/);
  const shown = lines.map(stripVTControlCharacters);
  expect(shown).toContain('queen  0.959');
  expect(shown.join('\n')).toContain('there\'s no vector for "kin"');
  expect(shown.join(' ')).not.toContain('0.000');
});

test('maps of words are shown and saved', async () => {
  const args = ['vectors.txt', '--quiet', '--top', '1', '--picture', 'map'];
  for (const method of ['pca', 'tsne']) {
    const { code, stdout, stderr } = await words(...args, `${method} king car`);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(
      `king, car: nearest words, by ${method === 'pca' ? 'principal components' : 't-SNE'}`,
    );
    expect(stdout).toMatch(/map\.svg\nmap\.png\n$/);
    expect(readFileSync(join(folder, 'map.svg'), 'utf8')).toContain('>man<');
  }
}, 60_000);
