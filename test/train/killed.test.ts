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

/** Times that each run is killed. */
const kills = Number(process.env.MYELIN_KILLS ?? 6);

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
    expect((await training(through)).output).toMatch(/^epoch \d+\n$/);
    const expected = remains(through);
    const generator = new Generator(3);
    const draw = (most: number): string => String(1 + randint(0, most, [], { generator }).itemSync());
    const chain = async (kind: 'step' | 'file', most: number): Promise<void> => {
      const run = join(folder, kind);
      for (let kill = 0; kill < kills; kill++) {
        const { signal, output } = await training(run, kind, draw(most));
        expect([signal, output]).toEqual(['SIGKILL', '']);
      }
      expect((await training(run)).output).toMatch(/^epoch \d+\n$/);
      expect(remains(run)).toEqual(expected);
    };
    await Promise.all([chain('step', 9), chain('file', 70)]);
  },
  120_000 + 5_000 * kills,
);
