/** What an editor shows of the published package: documentation and parameters of all that can be called. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inPlaceHabits, tensorHabits } from '../../src/core/habits.js';
import * as data from '../../src/data/index.js';
import * as F from '../../src/functional.js';
import * as myelin from '../../src/index.js';
import * as io from '../../src/io/index.js';
import * as metrics from '../../src/metrics/index.js';
import * as nn from '../../src/nn/index.js';
import * as optim from '../../src/optim/index.js';
import * as text from '../../src/text/index.js';
import * as train from '../../src/train/index.js';
import * as vision from '../../src/vision/index.js';
import * as viz from '../../src/viz/index.js';
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

const entries = Object.entries({ myelin, F, nn, optim, data, io, train, metrics, vision, text, viz }).map(
  ([entry, exported]) => [entry, functionsOf(exported)] as const,
);

const imports = entries
  .filter(([entry]) => entry !== 'myelin' && entry !== 'F')
  .map(([entry]) => `import * as ${entry} from 'myelin/${entry}';`)
  .join('\n');

const program = `import * as myelin from 'myelin';
import * as F from 'myelin/functional';
${imports}

const x = myelin.ones([2]);
${members.map((name) => `x.${name};`).join('\n')}
${entries.flatMap(([entry, names]) => names.map((name) => `${entry}.${name};`)).join('\n')}
`;

let project: Project;
let server: LanguageServer;

beforeAll(async () => {
  project = installTypes();
  server = await LanguageServer.open(project.folder, program);
}, 120_000);

afterAll(async () => {
  await server.close();
  project.remove();
});

/** What is shown over a name: how it is declared, and what its comment says. */
async function shown(
  owner: string,
  name: string,
  asked = server,
): Promise<{ declared: string; comment: string }> {
  const hover = await asked.hover(`\n${owner}.${name}`);
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
  expect(method.comment).toContain('Positive numbers that sum to 1 along an axis');
});

test('a method leaves out the tensor', async () => {
  const { declared, comment } = await shown('x', 'gather');
  expect(declared).toBe('(method) Tensor.gather(dim: number, index: myelin.Tensor): myelin.Tensor');
  expect(comment).not.toContain('*@param* `x`');
});

test('a method says what differs from PyTorch', async () => {
  expect((await shown('x', 'sum')).comment).toContain('*@differs* — PyTorch sums integers in int64');
});

test('every member of the classes that users call is documented', async () => {
  const types = [
    'nn.Module',
    'nn.Sequential',
    'nn.ModuleList',
    'nn.ModuleDict',
    'nn.ParameterList',
    'nn.ParameterDict',
    'optim.Optimizer<{ lr: number }>',
    'optim.lrScheduler.StepLR',
    'data.DataLoader<unknown>',
    'data.TensorDataset',
    'train.Trainer',
  ];
  const objects = types.map((type, i) => `declare const object${i}: ${type};`).join('\n');
  const declared = `${imports}\n${objects}\n`;
  const listing = await LanguageServer.open(
    project.folder,
    `${declared}${types.map((_, i) => `object${i}.;`).join('\n')}`,
  );
  const listed: [owner: string, name: string][] = [];
  for (const i of types.keys())
    for (const { label } of await listing.completions(`\nobject${i}.`))
      if (label !== 'Symbol') listed.push([`object${i}`, label]);
  await listing.close();
  expect(listed.length).toBeGreaterThan(200);

  const asking = await LanguageServer.open(
    project.folder,
    `${declared}${listed.map(([owner, name]) => `${owner}.${name};`).join('\n')}`,
  );
  const silent: string[] = [];
  for (const [owner, name] of listed)
    if ((await shown(owner, name, asking)).comment === '')
      silent.push(`${types[Number(owner.slice(6))]}: ${name}`);
  await asking.close();
  expect(silent).toEqual([]);
});
