import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tensor } from 'myelin';
import * as train from 'myelin/train';
import { describe, expect, test } from 'vitest';

const { choice, integer, logUniform, uniform, when, search } = train;
const value = ({ lr }: train.Parameters): number => -((Math.log10(lr as number) + 2) ** 2);

describe('spaces', () => {
  test('a grid has all combinations, a conditional parameter only where it applies', async () => {
    const seen: train.Parameters[] = [];
    await search({
      space: {
        optimizer: choice(['adam', 'sgd']),
        momentum: when('optimizer', 'sgd', uniform(0, 0.9)),
        width: integer(1, 3),
      },
      method: 'grid',
      gridPoints: 2,
      objective: async ({ parameters }) => {
        seen.push(parameters);
        return 0;
      },
    });
    expect(seen).toEqual([
      { optimizer: 'adam', width: 1 },
      { optimizer: 'adam', width: 3 },
      { optimizer: 'sgd', momentum: 0, width: 1 },
      { optimizer: 'sgd', momentum: 0, width: 3 },
      { optimizer: 'sgd', momentum: 0.9, width: 1 },
      { optimizer: 'sgd', momentum: 0.9, width: 3 },
    ]);
  });

  test('grid points of a logarithmic axis are a constant factor apart', () => {
    const points = logUniform(1e-4, 1e-1).grid(4) as number[];
    [1e-4, 1e-3, 1e-2, 1e-1].forEach((wanted, i) => {
      expect(points[i]! / wanted).toBeCloseTo(1, 12);
    });
  });

  test('random draws stay within bounds and follow their law', async () => {
    const { trials } = await search({
      space: {
        lr: logUniform(1e-4, 1e-1),
        n: integer(1, 4),
        k: integer(1, 1000, { log: true }),
        c: choice([1, 2]),
      },
      trials: 2000,
      objective: async () => 0,
    });
    const of = (name: string): number[] => trials.map(({ parameters }) => parameters[name] as number);
    expect(Math.min(...of('lr'))).toBeGreaterThanOrEqual(1e-4);
    expect(Math.max(...of('lr'))).toBeLessThanOrEqual(1e-1);
    const share = (values: number[], test: (x: number) => boolean): number =>
      values.filter(test).length / values.length;
    expect(share(of('lr'), (x) => x < 1e-3)).toBeCloseTo(1 / 3, 1);
    expect(share(of('n'), (x) => x === 4)).toBeCloseTo(1 / 4, 1);
    expect(share(of('k'), (x) => x < 32)).toBeCloseTo(1 / 2, 1);
    expect(share(of('c'), (x) => x === 1)).toBeCloseTo(1 / 2, 1);
  });

  test('nonsense is refused', async () => {
    expect(() => uniform(1, 0)).toThrow('needs a lower and a higher bound');
    expect(() => logUniform(0, 1)).toThrow('both positive');
    expect(() => integer(0.5, 2)).toThrow('whole numbers');
    expect(() => choice([])).toThrow('at least one value');
    const objective = async (): Promise<number> => 0;
    await expect(search({ space: {}, objective })).rejects.toThrow('no parameters');
    await expect(search({ space: { a: when('b', 1, uniform(0, 1)) }, objective })).rejects.toThrow(
      'a depends on b, which must come before it',
    );
    await expect(search({ space: { a: uniform(0, 1) }, trials: 0, objective })).rejects.toThrow(
      'trials must be',
    );
    for (const [options, message] of [
      [{ trials: 1e10 }, 'search: trials must be a whole number from 1 to 1048576, got 10000000000'],
      [{ gridPoints: 1e10 }, 'search: gridPoints must be a whole number from 1 to 1048576, got 10000000000'],
      [
        { method: 'grid', gridPoints: 1e5 },
        "search: the grid has more than 1048576 combinations up to b\n  hint: use fewer gridPoints, or method: 'random'",
      ],
    ] as const)
      await expect(
        search({ space: { a: uniform(0, 1), b: uniform(0, 1) }, objective, ...options }),
      ).rejects.toThrow(message);
    const store: train.TrialStore = {
      load: () => [{ trial: 1e9, parameters: { a: 1 }, seconds: 1, value: 1 }],
      add() {},
    };
    await expect(search({ space: { a: uniform(0, 1) }, objective, store })).rejects.toThrow(
      'search: what the store loads[0].trial must be a whole number of at least 0 and below 1048576, got 1000000000',
    );
    const more = await search({ space: { a: uniform(0, 1) }, objective, trials: 2, parallel: 1e12 });
    expect(more.trials.length).toBe(2);
  });
});

describe('search', () => {
  const space = { lr: logUniform(1e-5, 1) };

  test('finds the best, whatever the number of trials at once', async () => {
    const one = await search({
      space,
      trials: 30,
      seed: 3,
      objective: async ({ parameters }) => value(parameters),
    });
    const four = await search({
      space,
      trials: 30,
      seed: 3,
      parallel: 4,
      objective: async ({ parameters, trial }) => {
        await new Promise((resume) => setTimeout(resume, (trial * 7) % 5));
        return value(parameters);
      },
    });
    expect(four.trials.map((t) => t.parameters)).toEqual(one.trials.map((t) => t.parameters));
    expect(four.best?.trial).toBe(one.best?.trial);
    expect(Math.abs(Math.log10(one.best!.parameters.lr as number) + 2)).toBeLessThan(0.3);
    const least = await search({
      space,
      trials: 30,
      seed: 3,
      direction: 'minimize',
      objective: async ({ parameters }) => -value(parameters),
    });
    expect(least.best?.trial).toBe(one.best?.trial);
  });

  test('a failed trial is recorded and never the best', async () => {
    const { trials, best } = await search({
      space,
      trials: 6,
      objective: async ({ trial }) => {
        if (trial % 2 === 0) throw new Error(`loss became NaN in ${trial}`);
        return trial === 1 ? Number.NaN : -trial;
      },
    });
    expect(trials[2]).toMatchObject({ error: 'loss became NaN in 2' });
    expect(best?.trial).toBe(3);
  });

  test.each<[string, unknown, string]>([
    ['NaN', Number.NaN, "the objective returned NaN, which isn't a finite number"],
    ['∞', Number.POSITIVE_INFINITY, 'the objective returned Infinity'],
    ['−∞', Number.NEGATIVE_INFINITY, 'the objective returned -Infinity'],
    ['nothing', undefined, 'the objective returned undefined'],
    ['a text', '0.5', "the objective returned '0.5'"],
    [
      'a tensor',
      tensor(1),
      "the objective returned a Tensor, which isn't a finite number\n  hint: await tensor.item()",
    ],
  ])('a trial that gives %s is never the best, and survives the store', async (_name, diverged, error) => {
    const path = join(mkdtempSync(join(tmpdir(), 'myelin-search-')), 'trials.jsonl');
    for (const direction of ['minimize', 'maximize'] as const)
      for (const trials of [3, 5]) {
        const result = await search({
          space,
          trials,
          direction,
          store: new train.TrialFile(path),
          objective: async ({ trial }) => (trial === 1 ? (diverged as number) : 0.5),
        });
        expect(result.best?.trial).toBe(0);
        expect(result.trials[1]!.error).toContain(error);
        expect(result.trials[1]).not.toHaveProperty('value');
      }
  });

  test("halving: what diverged doesn't go on, and what was best before it did is kept", async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'myelin-search-')), 'trials.jsonl');
    const options: train.SearchOptions = {
      space: { a: uniform(0, 1) },
      method: 'halving',
      direction: 'minimize',
      trials: 9,
      maxBudget: 9,
      objective: async ({ parameters }) =>
        (parameters.a as number) > 0.5 ? Number.NaN : 1 + (parameters.a as number),
    };
    const seen: number[] = [];
    const whole = await search({ ...options, onTrial: (_, { of }) => void seen.push(of) });
    const ok = whole.trials.filter(({ trial }) => trial < 9).filter(({ value }) => value !== undefined);
    expect(whole.best).toMatchObject({ trial: 12, value: Math.min(...ok.map((t) => t.value!)) });
    expect(whole.trials.filter(({ trial, error }) => trial >= 9 && error !== undefined)).toEqual([]);
    expect(seen.at(-1)).toBe(whole.trials.length);

    const abort = new AbortController();
    await search({
      ...options,
      store: new train.TrialFile(path),
      signal: abort.signal,
      objective(trial) {
        if (trial.trial === 9) abort.abort();
        return options.objective(trial);
      },
    });
    const resumed = await search({ ...options, store: new train.TrialFile(path) });
    expect(resumed.best?.value).toBe(whole.best!.value);

    const last = await search({
      ...options,
      objective: async ({ budget }) => (budget === 9 ? Number.NaN : 1),
    });
    expect(last.best).toMatchObject({ trial: 9, budget: 3 });
    const none = await search({ ...options, objective: async () => Number.NaN });
    expect([none.best, none.trials.length, none.complete]).toEqual([undefined, 9, true]);
  });

  test('stores that hold no trials are refused', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'myelin-search-')), 'trials.jsonl');
    const good = { trial: 0, parameters: { a: 1 }, seconds: 1, value: 1 };
    for (const wrong of [
      null,
      3,
      [],
      {},
      { trial: -1 },
      { trial: 1_000_000_000 },
      { parameters: null },
      { parameters: [1] },
      { parameters: { a: null } },
      { budget: 1.5 },
      { value: 'x' },
      { error: 3 },
    ]) {
      const record =
        typeof wrong === 'object' && wrong && Object.keys(wrong).length > 0 ? { ...good, ...wrong } : wrong;
      writeFileSync(path, `${JSON.stringify(good)}\n${JSON.stringify(record)}\n`);
      expect(() => new train.TrialFile(path).load()).toThrow("line 2 isn't a trial");
    }
  });

  test('a NaN that JSON made null in a store is a failed trial', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'myelin-search-')), 'trials.jsonl');
    const { trials } = await search({ space, trials: 2, objective: async () => 1 });
    writeFileSync(path, `${JSON.stringify({ ...trials[0], value: null })}\n`);
    const { best, trials: all } = await search({
      space,
      trials: 2,
      store: new train.TrialFile(path),
      objective: async () => 1,
    });
    expect([best?.trial, all[0]!.value, all[0]!.error]).toEqual([
      1,
      undefined,
      expect.stringContaining('returned null'),
    ]);
  });

  test('halving gives larger budgets to the best', async () => {
    expect(train.halvingRounds(9, 9, 3)).toEqual([
      { trials: 9, budget: 1 },
      { trials: 3, budget: 3 },
      { trials: 1, budget: 9 },
    ]);
    expect(train.halvingRounds(9, 2, 3).at(-1)).toEqual({ trials: 1, budget: 2 });
    const { trials, best } = await search({
      space,
      method: 'halving',
      trials: 9,
      maxBudget: 9,
      objective: async ({ parameters }) => value(parameters),
    });
    expect(trials).toHaveLength(13);
    const values = trials.slice(0, 9).map((t) => t.value!);
    expect(best).toMatchObject({ trial: 12, budget: 9, value: Math.max(...values) });
  });

  test('a store of a search by halving is that of as many trials and budgets', async () => {
    const records: train.TrialRecord[] = [];
    const store: train.TrialStore = { load: () => records, add: (record) => void records.push(record) };
    const again = (more: Partial<train.SearchOptions>) =>
      search({
        space,
        method: 'halving',
        trials: 9,
        maxBudget: 9,
        store,
        objective: async ({ parameters }) => value(parameters),
        ...more,
      });
    const { best } = await again({});
    expect((await again({})).best).toEqual(best);
    const hint = '\n  hint: a halving search resumes with its original trials, maxBudget and eta';
    for (const [more, message] of [
      [{ trials: 3 }, 'trial 0 of the store had a budget of 1, but in this search it has a budget of 3'],
      [{ trials: 12 }, 'trial 9 of the store had a budget of 3, but in this search it has a budget of 1'],
      [{ method: 'random' }, 'trial 0 of the store had a budget of 1, but in this search it has none'],
    ] as const)
      await expect(again(more)).rejects.toThrow(`search: ${message}${hint}`);
    records.length = 0;
    await again({ method: 'grid', gridPoints: 1 });
    await expect(again({})).rejects.toThrow(
      'trial 0 of the store had none, but in this search it has a budget of 1',
    );
  });

  test('resumes where it was stopped', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'myelin-search-')), 'trials.jsonl');
    const whole = await search({ space, trials: 12, objective: async ({ parameters }) => value(parameters) });
    const abort = new AbortController();
    let ran = 0;
    const stopped = await search({
      space,
      trials: 12,
      store: new train.TrialFile(path),
      signal: abort.signal,
      objective: async ({ parameters }) => {
        if (++ran === 5) abort.abort();
        return value(parameters);
      },
    });
    expect(stopped.complete).toBe(false);
    expect(stopped.trials).toHaveLength(4);
    const resumed = await search({
      space,
      trials: 12,
      store: new train.TrialFile(path),
      objective: async ({ parameters }) => {
        ran++;
        return value(parameters);
      },
    });
    expect(ran).toBe(5 + 8);
    const bare = (r: train.SearchResult) =>
      r.trials.map(({ trial, parameters, value }) => ({ trial, parameters, value }));
    expect(bare(resumed)).toEqual(bare(whole));

    await expect(
      search({ space, trials: 12, seed: 9, store: new train.TrialFile(path), objective: async () => 0 }),
    ).rejects.toThrow('the store belongs to another search');
    // Fewer than before: those that are there count; more: the others are run.
    const fewer = await search({
      space,
      trials: 3,
      store: new train.TrialFile(path),
      objective: async () => expect.fail('no trial is to be run'),
    });
    expect(bare(fewer)).toEqual(bare(whole));
    expect(fewer.best).toEqual(resumed.best);
    writeFileSync(path, `${readFileSync(path, 'utf8')}{"tri\n`);
    expect(() => new train.TrialFile(path).load()).toThrow("line 13 isn't a trial");
  });
});
