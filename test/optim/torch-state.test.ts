/** Trainings that begin in PyTorch go on in Myelin, and the other way round; see test/record/record-optim.py. */
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
import { half as halfOfSchedules, halfWay, cases as recorded, type Seen } from './lr-scheduler/schedules.js';
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
const script = fileURLToPath(new URL('../record/check-torch-files.py', import.meta.url));
const hasTorch = spawnSync(python, ['-c', 'import torch']).status === 0;
if (!hasTorch) console.warn(`PyTorch doesn't go on from Myelin's states: ${python} has no PyTorch`);

const folder = mkdtempSync(join(tmpdir(), 'myelin-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What PyTorch makes of a file with this value. */
async function continued<R>(what: '--optimizers' | '--schedules', value: unknown): Promise<R> {
  const path = join(folder, 'half-way.pt');
  await io.saveTorch(path, value);
  return JSON.parse(execFileSync(python, [script, what, path], { encoding: 'utf8' })) as R;
}

describe.skipIf(!hasTorch)('PyTorch goes on from the state', () => {
  test('of every optimizer', async () => {
    const ours = cases.map(({ name, options, params }) => {
      const own = copies(params);
      const optimizer = make({ name, options }, own);
      for (let step = 0; step < half; step++) take(optimizer, own, step);
      return { name, optimizer, own };
    });
    const theirs = await continued<number[][][]>(
      '--optimizers',
      ours.map(({ name, optimizer, own }) => ({
        name,
        params: own.map((p) => p.detach()),
        optimizer: optimizer.stateDict(),
      })),
    );
    ours.forEach(({ optimizer, own }, i) => {
      for (let step = half; step < 2 * half; step++) take(optimizer, own, step);
      expectParams(own, theirs[i]!);
    });
  });

  test('of every schedule', async () => {
    const theirs = await continued<Seen[][][]>(
      '--schedules',
      recorded.map((c) => {
        const { optimizer, schedule } = halfWay(c);
        const { name, optimizer: kind } = c;
        return { name, kind, optimizer: optimizer.stateDict(), schedule: schedule.stateDict() };
      }),
    );
    const close = (value: number): unknown => (Number.isFinite(value) ? expect.closeTo(value, 12) : value);
    recorded.forEach(({ name, steps }, i) => {
      const wanted = steps
        .slice(halfOfSchedules + 1)
        .map((groups) => groups.map((values) => values.map(close)));
      expect(theirs[i], name).toEqual(wanted);
    });
  });
});
