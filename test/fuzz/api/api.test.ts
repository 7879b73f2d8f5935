import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { buildCommand } from '../../cli/command.js';
import { testEngines } from '../../helpers/engines.js';

const script = fileURLToPath(new URL('run.mjs', import.meta.url));
const seconds = Number(process.env.MYELIN_FUZZ_SECONDS ?? 120) / testEngines.length;

beforeAll(buildCommand, 180_000);

function run(...options: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [script, ...options]);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk;
    });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

test.each(testEngines)(
  'random calls of everything exported on %s: no crash, no hang, no other tensor overwritten, typed errors',
  async (engine) => {
    const { code, output } = await run('--engine', engine, '--seconds', String(seconds), '--calls', '1e9');
    expect(output).toMatch(/^\w+: [1-9]\d* calls, 0 crashes, 0 hangs, 0 overwritten, 0 broken results/m);
    expect(code, output).toBe(0);
  },
  (seconds + 120) * 1000,
);

test('a call that ends the process is found and named', async () => {
  const { code, output } = await run('--engine', 'native', '--call', 'process.exit(3)');
  expect(output).toContain('native: 1 calls, 1 crashes');
  expect(output).toMatch(/crash × 1: exit code 3\n {2}call 0: process\.exit\(3\)/);
  expect(code).toBe(1);
}, 60_000);
