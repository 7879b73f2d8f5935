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
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transformSync } from 'esbuild';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';
import { expect, test } from 'vitest';
import { hasChromium, launchOptions } from '../browser/chromium.js';
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

test.each(documents)('files that %s names are there', (document) => {
  const named = textOf(document).matchAll(
    /`((?:src|test|kernels|scripts|docs|bench|figures|examples)\/[^`\s]+)`/g,
  );
  const paths = [...named].map(([, path]) => path!);
  // FAMILY or chN-CHAPTER stands for a name, * for several; dist/ is built.
  const concrete = paths.filter((path) => !/[A-Z]{2}|\*|\/dist\b/.test(path));
  expect(concrete.filter((path) => !existsSync(`${root}${path}`))).toEqual([]);
});

test('the README has every guide, and example, in its index', () => {
  const linked = new Set(linksOf('README.md').map((link) => link.split('#')[0]));
  const guides = documents.filter((document) => document !== 'README.md');
  const examples = readdirSync(`${root}examples`).map((file) => `examples/${file}`);
  expect([...guides, ...examples].filter((path) => !linked.has(path))).toEqual([]);
});

test('troubleshooting quotes errors that there are', () => {
  const sources = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(`${root}src/${file}`, 'utf8'))
    .join('\n');
  const titles = [...textOf('docs/troubleshooting.md').matchAll(/^## `([^`]+)`$/gm)].map(
    ([, title]) => title!,
  );
  const ours = titles.filter((title) => !title.startsWith('SyntaxError'));
  expect(ours.length).toBeGreaterThan(3);
  // An operation's name stands before a colon, what varies is left out.
  const parts = ours.flatMap((title) => title.replace(/^\w+: /, '').split(' … '));
  expect(parts.filter((part) => !sources.includes(part))).toEqual([]);
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
    // The guide says about 14.
    expect(Number(/off by (\S+) on average/.exec(train)![1])).toBeCloseTo(14, 0);
    // 80 · (5 − 0.03 · 15 + 0.1 · 2) + 10 · 3
    expect(Math.abs(Number(/^price: (\d+)\n$/.exec(predict)![1]) - 410)).toBeLessThan(40);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** The objects that a page prints, until one that has `last`. */
async function printedBy(url: string, last: string): Promise<readonly Record<string, unknown>[]> {
  const browser = await chromium.launch(launchOptions);
  try {
    const page = await browser.newPage();
    const printed: Record<string, unknown>[] = [];
    const done = new Promise<void>((resolve, reject) => {
      page.on('pageerror', reject);
      page.on('console', async (message) => {
        const value: unknown = await message.args()[0]?.jsonValue();
        if (typeof value !== 'object' || value === null) return;
        printed.push(value as Record<string, unknown>);
        if (last in value) resolve();
      });
    });
    await page.goto(url);
    await done;
    return printed;
  } finally {
    await browser.close();
  }
}

test('browser: Vite builds the programs, and a page trains in a worker', async () => {
  const folder = programsOf('docs/browser.md');
  const modules = ['main', 'page'].map((name) => `<script type="module" src="./${name}.ts"></script>`);
  writeFileSync(join(folder, 'index.html'), `<!doctype html>${modules.join('')}`);
  const options = { root: folder, logLevel: 'silent' } as const;
  await build(options);
  const server = await preview({ ...options, preview: { port: 0 } });
  try {
    const assets = readdirSync(join(folder, 'dist/assets')).filter((file) => file.endsWith('.js'));
    for (const file of assets)
      expect(readFileSync(join(folder, 'dist/assets', file), 'utf8')).not.toMatch(/from ?['"]node:/);
    if (!hasChromium) return;
    const printed = await printedBy(server.resolvedUrls!.local[0]!, 'answers');
    const threads = availableParallelism();
    expect(printed.find(({ name }) => name !== undefined)).toMatchObject({ name: 'wasm', threads });
    const { answers } = printed.at(-1) as { answers: [number][] };
    expect(answers.map(([p]) => Math.round(p))).toEqual([0, 1, 1, 0]);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
});
