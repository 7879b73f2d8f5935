import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

/** Rooms from the bottom up: a file imports only from its own room and those before it. */
const layers: readonly (readonly string[])[] = [
  ['third-party'],
  ['core'],
  ['host'],
  ['engine'],
  ['tensor'],
  ['autograd'],
  ['ops'],
  ['index.ts', 'functional.ts'],
  ['nn'],
  ['optim'],
  ['io'],
  ['data'],
  ['analysis'],
  ['metrics', 'viz'],
  ['vision', 'text'],
  ['train'],
  ['recipes'],
  ['cli'],
];

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

const roomOf = (file: string): string => file.split('/')[0]!;
const levelOf = (file: string): number => layers.findIndex((layer) => layer.includes(roomOf(file)));

/** Files of this project that a file imports; `types` includes imports of types only. */
function importsOf(file: string, types: boolean): string[] {
  const text = readFileSync(join(src, file), 'utf8');
  const found: string[] = [];
  for (const [, typeOnly, names, path] of text.matchAll(
    /^(?:import|export) (type )?(?:([^'";]*?) from )?'(\.{1,2}\/[^']+|#host)';/gm,
  )) {
    const onlyTypes =
      typeOnly !== undefined ||
      (names !== undefined &&
        /^\{[^}]*\}$/.test(names.trim()) &&
        names
          .replace(/[{}]/g, '')
          .split(',')
          .every((name) => name.trim() === '' || name.trim().startsWith('type ')));
    if (onlyTypes && !types) continue;
    const target =
      path === '#host'
        ? 'host/node/index.ts'
        : relative(src, join(src, dirname(file), path!)).replace(/\.js$/, '.ts');
    found.push(target);
  }
  return found;
}

test('every room has a place in the order', () => {
  expect([...new Set(files.map(roomOf))].filter((room) => levelOf(room) < 0)).toEqual([]);
});

test('packages are imported by third-party/, which is bundled, and by what loads the optional ones', () => {
  const importing = files
    .filter((file) => !file.startsWith('third-party/') && file !== 'host/node/packages.ts')
    .filter((file) =>
      /^(?:import|export) (?!type )[^;]*?from '(?!\.|#|node:)[^'\s]+'|import\('(?!\.|#|node:)/m.test(
        readFileSync(join(src, file), 'utf8'),
      ),
    );
  expect(importing).toEqual([]);
});

test('imports point downwards', () => {
  const upward = files.flatMap((file) =>
    importsOf(file, true)
      .filter((target) => levelOf(target) > levelOf(file))
      .map((target) => `${file} → ${target}`),
  );
  expect(upward).toEqual([]);
});

test("rooms of one layer don't import one another", () => {
  const sideways = files.flatMap((file) =>
    importsOf(file, true)
      .filter((target) => levelOf(target) === levelOf(file) && roomOf(target) !== roomOf(file))
      .map((target) => `${file} → ${target}`),
  );
  expect(sideways).toEqual([]);
});

test('recipes share through their kit alone', () => {
  const chapter = (file: string): string | undefined => /^recipes\/(ch\d[^/]*)\//.exec(file)?.[1];
  const kit = ['recipes/kit/index.ts', 'recipes/kit/images/index.ts', 'recipes/kit/text/index.ts'];
  const sideways = files
    .filter((file) => chapter(file) !== undefined)
    .flatMap((file) =>
      importsOf(file, true)
        .filter((target) => roomOf(target) === 'recipes')
        .filter((target) => chapter(target) !== chapter(file) && !kit.includes(target))
        .map((target) => `${file} → ${target}`),
    );
  expect(sideways).toEqual([]);
});

test('of the optimizers, only averages of models know modules', () => {
  const knowing = files.filter(
    (file) => roomOf(file) === 'optim' && importsOf(file, true).some((target) => roomOf(target) === 'nn'),
  );
  expect(knowing.filter((file) => !file.startsWith('optim/swa-utils/'))).toEqual([]);
});

test('no cycles between files, of types neither', () => {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file))
      throw new Error(`cycle: ${[...path.slice(path.indexOf(file)), file].join(' → ')}`);
    if (done.has(file)) return;
    for (const target of importsOf(file, true)) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
});

test('only the host of Node and the command know Node', () => {
  const forNode = /^(host\/node|cli)\//;
  const wrong = files.filter(
    (file) =>
      !forNode.test(file) &&
      /'node:|\bprocess\.(?!$)|\bBuffer\.(from|alloc|concat|of)|\bsetImmediate\b/m.test(
        readFileSync(join(src, file), 'utf8').replace(/\/\*\*.*?\*\/|\/\/.*$/gms, ''),
      ),
  );
  expect(wrong).toEqual([]);
});

test('the platforms are reached through #host alone', () => {
  const direct = files.filter(
    (file) =>
      !/^(host\/(node|browser)|cli)\//.test(file) &&
      /host\/(node|browser)\//.test(readFileSync(join(src, file), 'utf8')),
  );
  expect(direct).toEqual([]);
});
