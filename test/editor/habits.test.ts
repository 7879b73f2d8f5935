/** What an editor says of PyTorch's names, and that what they are told to write compiles. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deviceHabit, itemHabit, languageHabits, moduleHabits, tensorHabits } from '../../src/core/habits.js';
import { type Completion, LanguageServer } from './language-server.js';
import { installTypes, type Project } from './published.js';

const imports = `import {
  engineInfo, grad, manualSeed, noGrad, ones, onesLike, setEngine, slice, tensor, zeros, type Tensor,
} from 'myelin';
import * as F from 'myelin/functional';
import * as data from 'myelin/data';
import * as io from 'myelin/io';
import * as nn from 'myelin/nn';
import * as optim from 'myelin/optim';
`;

const written = [
  deviceHabit,
  itemHabit,
  ...[languageHabits, moduleHabits, tensorHabits].flatMap(Object.values).flat(),
];

/** Each line in a function of its own, in which the names that it uses are known. */
const advice = `${imports}
class Net extends nn.Module {
  w = new nn.Parameter(ones([2]));
  mean = new nn.Buffer(ones([2]));
  fc: nn.Module = new nn.Linear(2, 2);
  forward(): void {}
  async all(
    x: Tensor, y: Tensor, w: Tensor, mask: Tensor, mean: Tensor, loss: Tensor, output: Tensor, target: Tensor,
    model: nn.Linear, fc: nn.Module, criterion: nn.MSELoss, optimizer: optim.SGD,
    dataset: data.TensorDataset, loader: data.DataLoader<[Tensor, Tensor], [Tensor, Tensor]>,
  ): Promise<void> {
${written.map(({ ours }) => `    ${ours};`).join('\n')}
  }
}
`;

const habits = `${imports}
const x = ones([2]);
x.numpy();
x.requires_grad = true;
x.masked_fill(x, 0);
x[0];
const on: string = x.device;
F.cross_entropy(x, x);
new nn.Conv2D(3, 8, 3);
new nn.Linear(2, 2).state_dict();
new nn.Linear(2, 2)(x);
const total: number = 0 + x.item();
import { no_grad } from 'myelin';
x.
`;

let project: Project;
let opened: LanguageServer[];

beforeAll(async () => {
  project = installTypes();
  opened = [
    await LanguageServer.open(project.folder, advice),
    await LanguageServer.open(project.folder, habits),
  ];
}, 120_000);

afterAll(async () => {
  for (const server of opened) await server.close();
  project.remove();
});

test('what is advised compiles', async () => {
  expect(await opened[0]!.problems()).toEqual([]);
});

describe('what PyTorch has', () => {
  test.each([
    'Type \'WriteInstead<"await x.data()">\' has no call signatures.',
    "Property 'requires_grad' does not exist on type 'Tensor'. Did you mean 'requiresGrad'?",
    "Property 'masked_fill' does not exist on type 'Tensor'. Did you mean 'maskedFill'?",
    "Property '0' does not exist on type 'Tensor'",
    "Type 'WriteInstead<\"x.engine.name\">' is not assignable to type 'string'.",
    "Did you mean 'crossEntropy'?",
    "Did you mean 'Conv2d'?",
    "Property 'state_dict' does not exist on type 'Linear'. Did you mean 'stateDict'?",
    "Type 'Linear' has no call signatures.",
    "Operator '+' cannot be applied to types '0' and 'Promise<number>'.",
    "Did you mean 'noGrad'?",
  ])('%s', async (message) => {
    expect((await opened[1]!.problems()).join('\n')).toContain(message);
  });
});

describe('completion', () => {
  let members: Map<string, Completion>;
  beforeAll(async () => {
    const completions = await opened[1]!.completions('\nx.\n'.slice(0, -1));
    members = new Map(completions.map((item) => [item.label, item]));
  });

  test('strikes out names that only PyTorch has', () => {
    for (const name of Object.keys(tensorHabits))
      if (!/^-?\d/.test(name)) expect(members.get(name)?.tags, name).toEqual([1]);
  });

  test('offers our own as they are', () => {
    for (const name of ['softmax', 'sum', 'requiresGrad', 'at', 'item', 'T'])
      expect(members.get(name)?.tags, name).toBeUndefined();
    expect(members.has('masked_fill')).toBe(false);
  });
});
