import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  eventLine,
  type MetricsEvent,
  type ProgressEvent,
  prepare,
  type RecipeEvent,
  recipeNamed,
  recipes,
  run,
} from '../../src/recipes/index.js';
import { smallDigits } from '../cli/command.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-recipes-'));
let data: string;
beforeAll(() => {
  data = smallDigits(join(folder, 'digits'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const lenet = () => ({ data, epochs: 2, batchSize: 160, validation: 0.25 });

/** Runs a recipe; its events and its result. */
async function eventsOf(name: string, options: Readonly<Record<string, number | string>>) {
  const events: RecipeEvent[] = [];
  const result = await run(recipeNamed(name), options, { onEvent: (event) => void events.push(event) });
  return { events, result };
}

/** The types of events, those that repeat once. */
const course = (events: readonly RecipeEvent[]): string[] =>
  events.map(({ type }) => type).filter((type, i, all) => type !== all[i - 1]);

test('a study tells texts, progress and parts, figures, and at last its result', async () => {
  const { events, result } = await eventsOf('xor', { starts: 2, steps: 5 });
  const parts = Array.from({ length: 6 }, () => ['progress', 'part']).flat();
  expect(course(events)).toEqual(['text', ...parts, 'figure', 'result']);
  expect(events.at(-1)).toEqual({ type: 'result', ...result });
  const measured = events.flatMap((event) => (event.type === 'part' ? [Object.keys(event.numbers)] : []));
  expect(measured).toEqual(Array(6).fill(['solved', 'loss', 'accuracy']));
  const shares = events.flatMap((event) => (event.type === 'progress' ? [event.share] : []));
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBe(1);
  expect(events.flatMap((event) => (event.type === 'figure' ? [event.name] : []))).toEqual([
    'boundary',
    'hidden-units',
    'loss',
  ]);
});

test('a training tells each step and each epoch', async () => {
  const { events, result } = await eventsOf('lenet5', lenet());
  expect(course(events)).toEqual(['text', 'progress', 'metrics', 'progress', 'metrics', 'figure', 'result']);
  const steps = events.filter((event): event is ProgressEvent => event.type === 'progress');
  expect(steps.map(({ training }) => training!.step)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(steps.map(({ share }) => share)).toEqual([0, 1, 2, 3, 4, 5, 6].map((step) => step / 6));
  expect(steps[1]!.training).toMatchObject({ epoch: 1, epochs: 2, stepInEpoch: 1, stepsPerEpoch: 3 });
  expect(Object.keys(steps[1]!.training!.values)).toEqual(['loss', 'accuracy']);
  const epochs = events.filter((event): event is MetricsEvent => event.type === 'metrics');
  expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
  expect(Object.keys(epochs[1]!.validation!)).toEqual(['loss', 'accuracy']);
  expect(events.flatMap((event) => (event.type === 'figure' ? [event.name] : []))).toEqual([
    'curves',
    'confusion',
    'mistakes',
  ]);
  expect(result.confusion!.classes).toHaveLength(10);
});

test('events are plain data: JSON and postMessage carry them', async () => {
  const { events } = await eventsOf('lenet5', lenet());
  for (const event of events) {
    expect(JSON.parse(JSON.stringify(event))).toEqual(event);
    expect(JSON.parse(eventLine(event))).toEqual(event);
    expect(structuredClone(event)).toEqual(event);
  }
});

test("a line of JSON names the numbers that JSON doesn't have", () => {
  const numbers = { loss: Number.POSITIVE_INFINITY, accuracy: Number.NaN, rate: 0.5 };
  const line = eventLine({ type: 'part', part: 1, parts: 2, name: 'a', seconds: 1, numbers });
  expect(line).toBe(
    '{"type":"part","part":1,"parts":2,"name":"a","seconds":1,' +
      '"numbers":{"loss":{"$number":"Infinity"},"accuracy":{"$number":"NaN"},"rate":0.5}}',
  );
});

test('a training waits for whoever takes its events', async () => {
  let busy = false;
  await run(recipeNamed('lenet5'), lenet(), {
    async onEvent({ type }) {
      if (type === 'text') return;
      expect(busy).toBe(false);
      busy = true;
      await new Promise((resume) => setTimeout(resume, 1));
      busy = false;
    },
  });
});

test('what was prepared trains, stops, and resumes from its state', async () => {
  const whole = await prepare(recipeNamed('lenet5'), lenet());
  expect(await whole.train()).toBe(true);
  const abort = new AbortController();
  const first = await prepare(recipeNamed('lenet5'), lenet(), {
    onEvent(event) {
      if (event.type === 'progress' && event.training!.step === 4) abort.abort();
    },
  });
  expect(await first.train(abort.signal)).toBe(false);
  expect(await first.train(abort.signal)).toBe(false);
  expect(first.step).toBe(4);
  const second = await prepare(recipeNamed('lenet5'), lenet());
  second.loadState(first.state());
  expect(await second.train()).toBe(true);
  expect(await second.evaluate()).toEqual(await whole.evaluate());
});

test('a signal stops a run, which then throws its reason', async () => {
  for (const [name, options] of [
    ['lenet5', lenet()],
    ['xor', { starts: 2, steps: 5 }],
  ] as const) {
    const abort = new AbortController();
    const seen: string[] = [];
    const running = run(recipeNamed(name), options, {
      signal: abort.signal,
      onEvent({ type }) {
        seen.push(type);
        if (type === 'progress') abort.abort(new RangeError('enough'));
      },
    });
    await expect(running).rejects.toThrow('enough');
    expect(seen).not.toContain('result');
  }
});

test('options are checked by their specifications', async () => {
  const refused = (name: string, options: object): Promise<string> =>
    prepare(recipeNamed(name), options as never).then(
      () => 'taken',
      (error: Error) => error.message,
    );
  expect(await refused('xor', { hiden: 3 })).toBe(
    "xor: there's no option 'hiden'; did you mean 'hidden'?\n" +
      '  hint: its options are hidden, activation, points, noise, starts, steps, lr, seed, data',
  );
  expect(await refused('xor', { hidden: 0 })).toBe('xor: hidden must be a whole number from 1 to 256, got 0');
  expect(await refused('xor', { lr: 0 })).toBe('xor: lr must be a finite number above 0, got 0');
  expect(await refused('xor', { activation: 'tan' })).toBe(
    "xor: activation must be 'tanh', 'sigmoid' or 'relu', got 'tan'; did you mean 'tanh'?",
  );
  expect(await refused('transfer', { from: 3 })).toBe('transfer: from must be a string, got 3');
  expect(await refused('xor', { data: 3 })).toBe('xor: data must be a string, got 3');
});

test("what isn't a recipe, a handler or a signal is refused", async () => {
  await expect(run('xor' as never)).rejects.toThrow(
    "run: recipe must be a recipe, got 'xor'\n  hint: write recipes.recipeNamed('xor')",
  );
  await expect(prepare({} as never)).rejects.toThrow('prepare: recipe must be a recipe, got {}');
  const xor = recipeNamed('xor');
  await expect(run(xor, {}, { onEvent: 3 as never })).rejects.toThrow(
    'run: onEvent must be a function, got 3',
  );
  await expect(run(xor, {}, { signal: {} as never })).rejects.toThrow(
    'run: signal must be an AbortSignal, got {}',
  );
});

test("what isn't an event or a name is refused", () => {
  expect(() => eventLine(3n as never)).toThrow("eventLine: event is 3n, which JSON can't hold");
  expect(() => recipeNamed(3 as never)).toThrow('recipeNamed: name must be a string, got 3');
});

test('recipes are found by their names', () => {
  for (const recipe of recipes) expect(recipeNamed(recipe.name)).toBe(recipe);
  expect(() => recipeNamed('lenet')).toThrow(
    "recipeNamed: there's no recipe 'lenet'; did you mean 'lenet5'?\n  hint: the recipes are polynomial, clusters",
  );
});

test('the options of every recipe are plain data, so that a page can ask for them', () => {
  for (const { name, options } of recipes) {
    expect(JSON.parse(JSON.stringify(options)), name).toEqual(options);
    expect(options.seed!.kind).toBe('integer');
  }
});
