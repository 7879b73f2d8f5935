/** The documentation's code compiles with the options of the first guide, against the package's types. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import * as myelin from '../../src/index.js';
import { buildCommand } from '../cli/command.js';
import { type Block, blocksOf, documents, fragments, root } from './blocks.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-docs-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What fragments may use without making it: as in examples.test.ts. */
const surroundings = `
declare const model: nn.Sequential;
declare const x: Tensor, y: Tensor, loss: Tensor;
declare const set: data.TensorDataset<[Tensor, Tensor]>;
declare const batches: data.DataLoader<[Tensor, Tensor]>;
declare const opt: optim.SGD;
`;

const entries = { nn: 'nn', F: 'functional', optim: 'optim', data: 'data', io: 'io', metrics: 'metrics' };
const rooms = { ...entries, train: 'train', vision: 'vision', text: 'text', viz: 'viz', recipes: 'recipes' };

/** A fragment as a module: its imports and those it leaves out, and the rest as a function. */
function asModule(code: string): string {
  const own = code.match(/^import[\s\S]*?;$/gm) ?? [];
  const imported = new Set(own.join('\n').match(/\w+/g));
  const left = Object.keys(myelin).filter((name) => name !== 'var' && !imported.has(name));
  const modules = Object.entries(rooms).filter(([name]) => !imported.has(name));
  const body = code.replace(/^import[\s\S]*?;$/gm, '').replace(/^export /gm, '');
  return [
    `import { ${left.join(', ')} } from 'myelin';`,
    ...modules.map(([name, entry]) => `import * as ${name} from 'myelin/${entry}';`),
    ...own,
    surroundings,
    `export async function fragment() {\n${body}\n}`,
  ].join('\n');
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** What is about the sources uses what the package doesn't export. */
const isForUsers = ({ where }: Block): boolean => !where.startsWith('docs/adding');

const place = ({ where }: Block): string => where.replace(/[/:]/g, '-');

test('fragments and programs have the right types', () => {
  buildCommand();
  write('node_modules/.keep', '');
  symlinkSync(root, join(folder, 'node_modules/myelin'));
  symlinkSync(join(root, 'node_modules/@types'), join(folder, 'node_modules/@types'));
  write('package.json', '{ "type": "module" }');
  const { compilerOptions } = JSON.parse(blocksOf('docs/first-steps.md', 'json')[0]!.code) as {
    compilerOptions: object;
  };
  write('tsconfig.json', JSON.stringify({ compilerOptions: { ...compilerOptions, noEmit: true } }));
  for (const fragment of fragments().filter(isForUsers))
    write(`fragments/${place(fragment)}.ts`, asModule(fragment.code));
  for (const document of documents)
    for (const { file, code } of blocksOf(document, 'ts'))
      if (file !== undefined) write(`${document.replace(/\W/g, '-')}/${file}`, code);
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  expect(stdout).toBe('');
});
