import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RecipeEvent } from '../../src/recipes/index.js';
import { buildCommand, myelin, smallDigits } from './command.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-json-'));
const at = (...parts: string[]): string => join(folder, ...parts);
let data: string;
beforeAll(() => {
  buildCommand();
  data = smallDigits(at('digits'));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

const eventsIn = (stdout: string): RecipeEvent[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RecipeEvent);

test('--json shows a training as events, one a line', async () => {
  const args = ['train', 'lenet5', '--data', data, '--epochs', '2', '--batch-size', '160'];
  const plain = await myelin([...args, '--out', at('plain'), '--quiet']);
  const { code, stdout, stderr } = await myelin([...args, '--out', at('json'), '--json']);
  expect([code, stderr]).toEqual([0, '']);
  const events = eventsIn(stdout);
  const labels = events.flatMap((event) => (event.type === 'text' ? [event.label] : []));
  expect(labels).toEqual(['recipe', 'engine', 'data', 'model', 'run']);
  const count = (type: string): number => events.filter((event) => event.type === type).length;
  expect([count('progress'), count('metrics'), count('figure')]).toEqual([9, 2, 3]);
  expect(events.at(-1)).toMatchObject({ type: 'result', line: plain.stdout.trimEnd() });
});

test('--json of a stopped run says how to resume it', async () => {
  const args = ['--data', data, '--epochs', '5000', '--batch-size', '160', '--out', at('stopped'), '--json'];
  const { code, stdout } = await myelin(['train', 'lenet5', ...args], {
    onOutput: (text) => (text.includes('"metrics"') ? 'SIGINT' : undefined),
  });
  expect(code).toBe(130);
  expect(eventsIn(stdout).at(-1)).toEqual({
    type: 'text',
    label: 'stopped',
    text: expect.stringMatching(/^after step \d+; continue with: myelin train lenet5 --resume /),
  });
});

test('--json and --quiet exclude each other', async () => {
  const { code, stderr } = await myelin(['train', 'xor', '--json', '--quiet']);
  expect([code, stderr]).toEqual([
    2,
    expect.stringContaining("option '--json' cannot be used with option '--quiet'"),
  ]);
});
