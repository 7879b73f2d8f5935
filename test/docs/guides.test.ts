/** The guides are in the README's index, their links lead somewhere, and their programs run. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build, transformSync } from 'esbuild';
import { expect, test } from 'vitest';
import { buildCommand } from '../cli/command.js';
import { blocksOf, documents, root } from './blocks.js';

const textOf = (document: string): string => readFileSync(`${root}${document}`, 'utf8');

/** Text without the code in it. */
const prose = (document: string): string => textOf(document).replace(/^```[\s\S]*?^```/gm, '');

/** The anchors of a document's headings, as code hosts and the site make them. */
const anchorsOf = (document: string): string[] =>
  [...prose(document).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const linksOf = (document: string): string[] =>
  [...prose(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);

test.each(documents)('links of %s lead somewhere', (document) => {
  const dead = linksOf(document).filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [path, anchor] = link.split('#') as [string, string | undefined];
    const target = path === '' ? document : join(dirname(document), path);
    if (!existsSync(`${root}${target}`)) return true;
    return anchor !== undefined && !anchorsOf(target).includes(anchor);
  });
  expect(dead).toEqual([]);
});

test('the README has every guide, and example, in its index', () => {
  const linked = new Set(linksOf('README.md').map((link) => link.split('#')[0]));
  const guides = documents.filter((document) => document !== 'README.md');
  const examples = readdirSync(`${root}examples`).map((file) => `examples/${file}`);
  expect([...guides, ...examples].filter((path) => !linked.has(path))).toEqual([]);
});

/** Writes the programs of a guide into a folder with `myelin` installed, as compiled. */
function programsOf(document: string): string {
  buildCommand();
  const folder = mkdtempSync(join(tmpdir(), 'myelin-guide-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/myelin'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  for (const { file, code } of blocksOf(document, 'ts'))
    if (file !== undefined) writeFileSync(join(folder, file), code);
  return folder;
}

test('first steps: the programs run in their order, and the model predicts', () => {
  const folder = programsOf('docs/first-steps.md');
  try {
    const commands = [...textOf('docs/first-steps.md').matchAll(/^npx tsx (\S+)\.ts$/gm)];
    const outputs = commands.map(([, name]) => {
      const { code } = transformSync(readFileSync(join(folder, `${name}.ts`), 'utf8'), { loader: 'ts' });
      writeFileSync(join(folder, `${name}.js`), code);
      return execFileSync(process.execPath, [`${name}.js`], { cwd: folder, encoding: 'utf8' });
    });
    expect(commands.map(([, name]) => name)).toEqual(['hello', 'make-data', 'train', 'predict']);
    const [hello, , train, predict] = outputs as [string, string, string, string];
    expect(hello).toMatch(/\[ 2, 3 \][\s\S]*\[ 2, 2 \]\n21\n$/);
    expect(Number(/off by (\S+) on average/.exec(train)![1])).toBeLessThan(20);
    // 80 · (5 − 0.03 · 15 + 0.1 · 2) + 10 · 3
    expect(Math.abs(Number(/^price: (\d+)\n$/.exec(predict)![1]) - 410)).toBeLessThan(40);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('browser: the programs bundle without modules of Node', async () => {
  const folder = programsOf('docs/browser.md');
  try {
    const entryPoints = ['main.ts', 'page.ts', 'train.worker.ts'].map((file) => join(folder, file));
    const options = {
      bundle: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      write: false,
    } as const;
    const { outputFiles } = await build({ ...options, entryPoints, outdir: folder, logLevel: 'silent' });
    for (const { text } of outputFiles) expect(text).not.toMatch(/from ['"]node:/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
