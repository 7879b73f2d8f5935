/** Trainings that begin in PyTorch go on in Myelin, and the other way round; see scripts/record-optim.py. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { type Tensor, tensor } from '../../src/index.js';
import * as io from '../../src/io/index.js';
import type { OptimizerState } from '../../src/optim/index.js';
import { make, optimizers, take } from './problem.js';

interface HalfWay {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** After ten steps. */
  readonly params: readonly Tensor[];
  readonly optimizer: OptimizerState;
  /** After twenty. */
  readonly after: readonly Tensor[];
}

const half = 10;
const file = new URL('../recordings/optim-half-way.pt.gz', import.meta.url);
const cases = io.loadTorchBytes<HalfWay[]>(gunzipSync(readFileSync(file)));

const copies = (params: readonly Tensor[]): Tensor[] =>
  params.map((p) => tensor(p.dataSync(), p.shape, { requiresGrad: true }));

function expectParams(found: readonly Tensor[], wanted: readonly ArrayLike<number>[]): void {
  found.forEach((p, k) => {
    p.dataSync().forEach((v, i) => {
      expect(Math.abs(v - wanted[k]![i]!), `parameter ${k}, element ${i}`).toBeLessThan(1e-6);
    });
  });
}

describe("PyTorch's state is gone on from", () => {
  test('of every optimizer', () => {
    expect(cases.map(({ name }) => name).sort()).toEqual(Object.keys(optimizers).sort());
  });

  test.each(cases.map((c) => [c.name, c] as const))('%s', (name, { params, optimizer, after }) => {
    const own = copies(params);
    const ours = make({ name, options: {} }, own);
    ours.loadStateDict(optimizer);
    for (let step = half; step < 2 * half; step++) take(ours, own, step);
    expectParams(
      own,
      after.map((p) => p.dataSync()),
    );
  });
});

const python = process.env.MYELIN_PYTHON ?? '/usr/bin/python3';
const script = fileURLToPath(new URL('../../scripts/check-torch-files.py', import.meta.url));
const hasTorch = spawnSync(python, ['-c', 'import torch']).status === 0;
if (!hasTorch) console.warn(`PyTorch does not go on from Myelin's states: ${python} has no PyTorch`);

const folder = mkdtempSync(join(tmpdir(), 'myelin-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.skipIf(!hasTorch)('PyTorch goes on from the state of every optimizer', async () => {
  const path = join(folder, 'optimizers.pt');
  const ours = cases.map(({ name, options, params }) => {
    const own = copies(params);
    const optimizer = make({ name, options }, own);
    for (let step = 0; step < half; step++) take(optimizer, own, step);
    return { name, optimizer, own };
  });
  await io.saveTorch(
    path,
    ours.map(({ name, optimizer, own }) => ({
      name,
      params: own.map((p) => p.detach()),
      optimizer: optimizer.stateDict(),
    })),
  );
  const theirs = JSON.parse(
    execFileSync(python, [script, '--continue', path], { encoding: 'utf8' }),
  ) as number[][][];
  ours.forEach(({ optimizer, own }, i) => {
    for (let step = half; step < 2 * half; step++) take(optimizer, own, step);
    expectParams(own, theirs[i]!);
  });
});
