import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    await expect(search({ space: {}, objective })).rejects.toThrow('no parameter');
    await expect(search({ space: { a: when('b', 1, uniform(0, 1)) }, objective })).rejects.toThrow(
      'a depends on b, which must stand before it',
    );
    await expect(search({ space: { a: uniform(0, 1) }, trials: 0, objective })).rejects.toThrow(
      'trials must be',
    );
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

  test('goes on where it was stopped', async () => {
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
    ).rejects.toThrow('the store of another search');
    writeFileSync(path, `${readFileSync(path, 'utf8')}{"tri\n`);
    expect(() => new train.TrialFile(path).load()).toThrow('line 13 is no trial');
  });
});
