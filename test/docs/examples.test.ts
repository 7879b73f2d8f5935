/** Runs what the documentation shows: `@example` blocks in src/, and TypeScript blocks in README and docs/. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defineOp } from '../../src/autograd/op.js';
import * as data from '../../src/data/index.js';
import * as F from '../../src/functional.js';
import * as myelin from '../../src/index.js';
import * as io from '../../src/io/index.js';
import { crc32 } from '../../src/io/torch/crc32.js';
import { zipArchive } from '../../src/io/torch/zip-writer.js';
import * as metrics from '../../src/metrics/index.js';
import * as nn from '../../src/nn/index.js';
import * as optim from '../../src/optim/index.js';
import * as recipes from '../../src/recipes/index.js';
import * as text from '../../src/text/index.js';
import * as train from '../../src/train/index.js';
import * as vision from '../../src/vision/index.js';
import * as viz from '../../src/viz/index.js';
import { normal } from '../ops/table.js';
import { asBody, fragments, root } from './blocks.js';

interface Example {
  readonly where: string;
  readonly code: string;
}

function examplesOfSource(file: string): Example[] {
  const text = readFileSync(`${root}${file}`, 'utf8');
  return [...text.matchAll(/^ *\* @example\n((?: *\*(?!\/).*\n)+)/gm)].map((match) => ({
    where: `${file}:${text.slice(0, match.index).split('\n').length}`,
    code: match[1]!.replace(/^ *\* ?/gm, '').replace(/^@(?!example)[\s\S]*/m, ''),
  }));
}

const sources = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
  // The examples of methods are those of their functions.
  .filter((file) => file.endsWith('.ts') && file !== 'ops/methods.ts')
  .flatMap((file) => examplesOfSource(`src/${file}`));
const documented = fragments().map(({ where, code }) => ({ where, code: asBody(code) }));

/** `expression; // value` becomes a check that the expression has that value. */
const withChecks = (code: string): string =>
  code.replace(
    /^(?!\s*(?:const|let|for|class|import|\/\/))([^\n]*?);[ ]*\/\/ (\[.*\]|-?[\d.]+|'[^']*'|true|false|null)$/gm,
    (_, expression: string, value: string) => `await check(${expression}, ${value});`,
  );

async function plain(value: unknown): Promise<unknown> {
  return value instanceof myelin.Tensor ? value.toArray() : value;
}

async function check(got: unknown, want: unknown): Promise<void> {
  expect(await plain(got)).toEqual(want);
}

/** What examples may use without making it. */
function surroundings(): Record<string, unknown> {
  myelin.manualSeed(0);
  const model = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 3));
  const x = myelin.arange(12).reshape([3, 4]).to('float32');
  const y = myelin.tensor([0, 2, 1], { dtype: 'int32' });
  const set = new data.TensorDataset(x, y);
  const batches = new data.DataLoader(set, { batchSize: 2 });
  const opt = new optim.SGD(model.parameters(), { lr: 0.1 });
  const loss = F.crossEntropy(model.forward(x), y);
  const rooms = { ...myelin, nn, F, optim, data, io, metrics, train, vision, text, viz, recipes, defineOp };
  return { ...rooms, normal, model, x, y, set, batches, opt, loss, check, console: { log() {} } };
}

async function run({ code }: Example): Promise<void> {
  const { code: script } = await transform(withChecks(code), { loader: 'ts', target: 'node20' });
  // `var` is exported, and nobody can import it under that name.
  const { var: _, ...scope } = surroundings();
  // What an example declares itself hides what surrounds it.
  const body = `return (async () => { ${script} })()`;
  await new Function(...Object.keys(scope), body)(...Object.values(scope));
}

// Examples write files to where they run, and read what others have written.
const before = process.cwd();
const scratch = mkdtempSync(join(tmpdir(), 'myelin-examples-'));

beforeAll(async () => {
  process.chdir(scratch);
  const { model } = surroundings() as { model: nn.Module };
  await io.saveSafetensors('model.safetensors', model.stateDict());
  await io.saveTorch('model.pt', model.stateDict());
  writeFileSync('iris.csv', 'sepal,petal,species\n5.1,1.4,setosa\n6.4,4.5,versicolor\n7.2,6.1,virginica\n');
  await io.saveNpy('features.npy', myelin.ones([2]));
  for (const animal of ['cat', 'dog']) {
    mkdirSync(`photos/${animal}`, { recursive: true });
    await vision.writeImage(`photos/${animal}/1.jpg`, myelin.rand([3, 32, 48]));
  }
  const recorded = JSON.parse(readFileSync(`${root}test/recordings/npy.json`, 'utf8')) as {
    refused: { text: string };
  };
  const names = new Uint8Array(Buffer.from(recorded.refused.text, 'base64'));
  const x = await io.serializeNpy(myelin.eye(3));
  writeFileSync('sensors.npz', zipSync({ 'x.npy': x, 'names.npy': names }));
  writeFileSync('houses.csv', 'size,rooms,city,price\n50,2,Berlin,100\nNA,3,Bonn,150\n');
  const path = '\x80\x02}X\x04\0\0\0pathcpathlib\nPosixPath\nX\x01\0\0\0/X\x04\0\0\0data\x86Rs.';
  const pickle = { name: 'archive/data.pkl', bytes: new Uint8Array(Buffer.from(path, 'latin1')) };
  writeFileSync('run.pt', Buffer.concat([...zipArchive([pickle], crc32)]));
  writeFileSync('book.txt', 'The cat eats fish and a dog eats meat\n'.repeat(8).toLowerCase());
  const words = ['king', 'queen', 'man', 'woman', 'cat', 'dog', 'nurse', 'doctor', 'engineer', 'she', 'he'];
  writeFileSync('glove.6B.100d.txt', words.map((word, i) => `${word} ${i} ${i * i} 1\n`).join(''));
  writeFileSync('questions-words.txt', ': family\nman king woman queen\n');
  writeFileSync('EN-WS-353-ALL.txt', 'king\tqueen\t8.58\nman\twoman\t8.3\n');
  await io.saveNpz('set.npz', { x_train: myelin.ones([2]), y_train: myelin.ones([2]) });
});

afterAll(() => {
  process.chdir(before);
  rmSync(scratch, { recursive: true });
});

describe('examples in the sources', () => {
  for (const example of sources) test(example.where, () => run(example));
});

describe('examples in the documents', () => {
  for (const example of documented) test(example.where, () => run(example));
});
