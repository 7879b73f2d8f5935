import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Generator, randint } from '../../src/index.js';
import { buildCommand } from '../cli/command.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-killed-'));
const script = fileURLToPath(new URL('killed-run.mjs', import.meta.url));

const finished = /^epoch \d+\n$/;

/** Times that runs are killed in a step, and while they write. */
const kills = Number(process.env.MYELIN_KILLS ?? 4);

beforeAll(buildCommand, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

function training(run: string, ...killAt: string[]): Promise<{ signal: string | null; output: string }> {
  const child = spawn(process.execPath, [script, run, ...killAt]);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk;
    });
  return new Promise((resolve) => child.on('close', (_code, signal) => resolve({ signal, output })));
}

/** All that a run leaves behind, but for times. */
function remains(run: string): Record<string, unknown> {
  const checkpoints = join(run, 'checkpoints');
  const files = readdirSync(checkpoints).sort();
  const metrics = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
  return {
    ...Object.fromEntries(files.map((name) => [name, readFileSync(join(checkpoints, name), 'base64')])),
    metrics: metrics.map((line) => ({ ...JSON.parse(line), seconds: 0, samplesPerSecond: 0 })),
  };
}

test(
  'killed at any step and in the middle of writing, again and again, a run ends with the same bits',
  async () => {
    const through = join(folder, 'through');
    expect((await training(through)).output).toMatch(finished);
    const expected = remains(through);
    const generator = new Generator(3);
    const draw = (most: number): string => String(1 + randint(0, most, [], { generator }).itemSync());
    /** Kills a run until it is finished, `left` times at most; returns how often it was killed. */
    const check = async (run: string, left: number, kind: 'step' | 'file', most: number): Promise<number> => {
      for (let killed = 0; ; killed++) {
        const { signal, output } = await training(run, ...(killed < left ? [kind, draw(most)] : []));
        if (signal === 'SIGKILL') continue;
        expect(output).toMatch(finished);
        expect(remains(run)).toEqual(expected);
        return killed;
      }
    };
    const checkAll = async (kind: 'step' | 'file', most: number): Promise<void> => {
      for (let killed = 0, run = 0; killed < kills; run++)
        killed += await check(join(folder, `${kind}-${run}`), kills - killed, kind, most);
    };
    await Promise.all([checkAll('step', 9), checkAll('file', 70)]);
  },
  120_000 + 10_000 * kills,
);
