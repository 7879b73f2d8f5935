/** What an editor shows of the published package: documentation and parameters of all that can be called. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inPlaceHabits, tensorHabits } from '../../src/core/habits.js';
import * as F from '../../src/functional.js';
import * as myelin from '../../src/index.js';
import { LanguageServer } from './language-server.js';
import { installTypes, type Project } from './published.js';

const isOurs = (name: string): boolean =>
  name !== 'constructor' &&
  !(name in tensorHabits) &&
  !/_\w/.test(name) &&
  !inPlaceHabits.includes(name.slice(0, -1));
const members = Object.getOwnPropertyNames(myelin.Tensor.prototype).filter(isOurs);

const functionsOf = (entry: object): string[] =>
  Object.entries(entry)
    .filter(([, value]) => typeof value === 'function')
    .map(([name]) => name);

const entries = [
  ['myelin', functionsOf(myelin)],
  ['F', functionsOf(F)],
] as const;

const text = `import * as myelin from 'myelin';
import * as F from 'myelin/functional';

const x = myelin.ones([2]);
${members.map((name) => `x.${name};`).join('\n')}
${entries.flatMap(([entry, names]) => names.map((name) => `${entry}.${name};`)).join('\n')}
`;

let project: Project;
let server: LanguageServer;

beforeAll(async () => {
  project = installTypes();
  server = await LanguageServer.open(project.folder, text);
}, 120_000);

afterAll(async () => {
  await server.close();
  project.remove();
});

/** What is shown over a name: how it is declared, and what its comment says. */
async function shown(owner: string, name: string): Promise<{ declared: string; comment: string }> {
  const hover = await server.hover(`\n${owner}.${name}`);
  const [, declared = '', comment = ''] = /^```typescript\n([\s\S]*?)\n```\n?([\s\S]*)$/.exec(hover) ?? [];
  return { declared, comment: comment.trim() };
}

/** Names that a compiler made up for parameters. */
const madeUp = /\b(?:rest|args?|arg|__)_?\d|\bany\b/;

async function poor(owner: string, names: readonly string[]): Promise<string[]> {
  const out: string[] = [];
  for (const name of names) {
    const { declared, comment } = await shown(owner, name);
    if (!declared.includes(name) || madeUp.test(declared.replace(name, '')) || comment === '')
      out.push(`${declared} ${comment}`);
  }
  return out;
}

test('the file that asks compiles', async () => {
  expect(await server.problems()).toEqual([]);
});

test('every member of a tensor is documented, with the names of its parameters', async () => {
  expect(members.length).toBeGreaterThan(290);
  expect(await poor('x', members)).toEqual([]);
});

test.each(entries)(
  'every function of %s is documented, with the names of its parameters',
  async (entry, names) => {
    expect(await poor(entry, names)).toEqual([]);
  },
);

test('a method shows what its function shows', async () => {
  const method = await shown('x', 'softmax');
  expect(method.declared).toBe(
    '(method) Tensor.softmax(dim: number, options?: myelin.SoftmaxOptions): myelin.Tensor',
  );
  expect(method.comment).toBe((await shown('F', 'softmax')).comment);
  expect(method.comment).toContain('Positive numbers with sum 1 along an axis');
});

test('a method leaves out the tensor', async () => {
  const { declared, comment } = await shown('x', 'gather');
  expect(declared).toBe('(method) Tensor.gather(dim: number, index: myelin.Tensor): myelin.Tensor');
  expect(comment).not.toContain('*@param* `x`');
});

test('a method says what differs from PyTorch', async () => {
  expect((await shown('x', 'sum')).comment).toContain('*@differs* — PyTorch sums integers in int64');
});
