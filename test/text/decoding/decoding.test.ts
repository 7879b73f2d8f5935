import { beforeAll, describe, expect, test } from 'vitest';
import { ArgumentError, NonFiniteError } from '../../../src/core/errors.js';
import * as F from '../../../src/functional.js';
import { full, Generator, manualSeed, randn, setEngine, type Tensor, tensor } from '../../../src/index.js';
import * as nn from '../../../src/nn/index.js';
import {
  type GenerateAllOptions,
  type Generated,
  generate,
  generateAll,
  type StepModel,
  selectRows,
  tokenProbabilities,
} from '../../../src/text/index.js';
import { allEngines } from '../../helpers/engines.js';

/** A model whose next token depends on the last one: row i are the scores after token i. */
const chain = (table: Tensor): StepModel<null> => ({
  step: (ids, state) => ({ logits: table.indexSelect(0, ids.select(1, ids.shape[1]! - 1)), state }),
});

/** A model whose next token depends on all tokens: the state counts them in a vector. */
function remembering(vocabulary: number, seed: number): StepModel<Tensor | null> & { calls: number[] } {
  const generator = new Generator(seed);
  const mix = randn([vocabulary, vocabulary], { generator });
  const score = randn([vocabulary, vocabulary], { generator }).mul(1.5);
  const calls: number[] = [];
  return {
    calls,
    step(ids, state) {
      calls.push(ids.shape[0]!);
      let h = state;
      for (let t = 0; t < ids.shape[1]!; t++) {
        const x = F.oneHot(ids.select(1, t), vocabulary).to('float32');
        h = (h === null ? x : h.matmul(mix).add(x)).tanh();
      }
      return { logits: h!.matmul(score), state: h };
    },
    select: (state, rows) => selectRows(state, rows, 0),
  };
}

/** Log probabilities of the next token after some tokens. */
async function after(model: StepModel<Tensor | null>, tokens: readonly number[]): Promise<number[]> {
  const { logits } = model.step(tensor([...tokens], [1, tokens.length], { dtype: 'int32' }), null);
  return ((await logits.logSoftmax(1).toArray()) as number[][])[0]!;
}

async function collected(tokens: AsyncIterable<number>): Promise<number[]> {
  const all: number[] = [];
  for await (const token of tokens) all.push(token);
  return all;
}

describe('tokenProbabilities', () => {
  const scores = [4, 1, 3, 2].map(Math.log);
  const expectClose = (got: ArrayLike<number>, wanted: readonly number[]): void => {
    for (const [i, value] of wanted.entries()) expect(got[i]).toBeCloseTo(value, 12);
  };
  test.each<[string, Parameters<typeof tokenProbabilities>[1], number[]]>([
    ['nothing', {}, [0.4, 0.1, 0.3, 0.2]],
    ['temperature 1/2', { temperature: 0.5 }, [16 / 30, 1 / 30, 9 / 30, 4 / 30]],
    ['topK 2', { topK: 2 }, [4 / 7, 0, 3 / 7, 0]],
    ['topK beyond the vocabulary', { topK: 9 }, [0.4, 0.1, 0.3, 0.2]],
    ['topP just reached', { topP: 0.4 }, [1, 0, 0, 0]],
    ['topP between', { topP: 0.5 }, [4 / 7, 0, 3 / 7, 0]],
    ['topP 1', { topP: 1 }, [0.4, 0.1, 0.3, 0.2]],
    ['minP', { minP: 0.5 }, [4 / 9, 0, 3 / 9, 2 / 9]],
    ['minP 1', { minP: 1 }, [1, 0, 0, 0]],
    ['topK, then topP of what is left', { topK: 2, topP: 0.5 }, [1, 0, 0, 0]],
    ['all', { topK: 3, topP: 0.9, minP: 0.7 }, [4 / 7, 0, 3 / 7, 0]],
  ])('%s', (_, options, wanted) => expectClose(tokenProbabilities(scores, options), wanted));

  test('ties: topK keeps them all, topP the first', () => {
    expectClose(tokenProbabilities([1, 0, 1, 1], { topK: 2 }), [1 / 3, 0, 1 / 3, 1 / 3]);
    expectClose(tokenProbabilities([1, 1, 1, 1], { topP: 0.5 }), [0.5, 0.5, 0, 0]);
  });

  test('repetition penalty', () => {
    const penalized = tokenProbabilities([2, -2, 0], { repetitionPenalty: 2, previous: [0, 1, 1] });
    const plain = tokenProbabilities([1, -4, 0]);
    expectClose(penalized, [...plain]);
  });

  test('many tokens: as sorting gives', async () => {
    const logits = await randn([3000], { generator: new Generator(4) }).data();
    const all = tokenProbabilities(logits);
    const order = [...all.keys()].sort((a, b) => all[b]! - all[a]!);
    const kept = [...tokenProbabilities(logits, { topK: 77 })].flatMap((p, i) => (p > 0 ? [i] : []));
    expect(kept).toEqual(order.slice(0, 77).sort((a, b) => a - b));
    let sum = 0;
    const least =
      order.findIndex((i) => {
        sum += all[i]!;
        return sum >= 0.6;
      }) + 1;
    const nucleus = [...tokenProbabilities(logits, { topP: 0.6 })].flatMap((p, i) => (p > 0 ? [i] : []));
    expect(nucleus).toEqual(order.slice(0, least).sort((a, b) => a - b));
  });

  test('scores that are no numbers', () => {
    const what = 'has its training diverged?';
    expect(() => tokenProbabilities([1, Number.NaN])).toThrow(NonFiniteError);
    expect(() => tokenProbabilities([1, Number.NaN], { topK: 1 })).toThrow(
      `tokenProbabilities: the model's scores are NaN; ${what}`,
    );
    expect(() => tokenProbabilities([1, Infinity])).toThrow(
      `tokenProbabilities: the model's scores are infinite; ${what}`,
    );
    expect(() => tokenProbabilities([-Infinity, -Infinity])).toThrow(
      `tokenProbabilities: the model's scores are all minus infinity; ${what}`,
    );
    expect([...tokenProbabilities([-Infinity, 0])]).toEqual([0, 1]);
    expect(() => tokenProbabilities([])).toThrow('tokenProbabilities: there are no scores');
    expect(() => tokenProbabilities([1, 2], { previous: [0, 2] })).toThrow(
      "tokenProbabilities: previous[1] is 2, which isn't a token's number; there are 2",
    );
    expect(() => tokenProbabilities([1], { temperature: 0 })).toThrow(
      'temperature must be a finite number above 0, got 0',
    );
    expect(() => tokenProbabilities([1], { topP: 1.5 })).toThrow(/topP must be/);
  });
});

/** Beam search over all sequences with arrays, as defined. */
async function reference(
  model: StepModel<Tensor | null>,
  prompt: readonly number[],
  {
    numBeams,
    maxNewTokens,
    lengthPenalty,
    eos,
  }: { numBeams: number; maxNewTokens: number; lengthPenalty: number; eos: number },
): Promise<{ tokens: number[]; score: number }[]> {
  let beams: { tokens: number[]; score: number }[] = [{ tokens: [], score: 0 }];
  const done: { tokens: number[]; score: number }[] = [];
  const best = () => done.sort((a, b) => b.score - a.score).splice(numBeams);
  for (let length = 1; length <= maxNewTokens; length++) {
    const candidates: { tokens: number[]; score: number }[] = [];
    for (const { tokens, score } of beams)
      for (const [token, log] of (await after(model, [...prompt, ...tokens])).entries())
        candidates.push({ tokens: [...tokens, token], score: score + log });
    candidates.sort((a, b) => b.score - a.score);
    beams = [];
    for (const [rank, candidate] of candidates.entries()) {
      if (beams.length === numBeams) break;
      if (candidate.tokens.at(-1) !== eos) beams.push(candidate);
      else if (rank < numBeams)
        done.push({ tokens: candidate.tokens, score: candidate.score / length ** lengthPenalty });
    }
    best();
    if (done.length === numBeams && done.at(-1)!.score >= candidates[0]!.score / length ** lengthPenalty)
      return done;
  }
  for (const { tokens, score } of beams) done.push({ tokens, score: score / maxNewTokens ** lengthPenalty });
  best();
  return done;
}

describe.each(allEngines)('%s', (engine) => {
  beforeAll(() => setEngine(engine));

  describe('generate', () => {
    const counting: StepModel<null> = {
      step: (ids, state) => ({ logits: F.oneHot(ids.add(1).remainder(5), 5).to('float32'), state }),
    };

    test('yields each token when it is there, and ends', async () => {
      expect(await collected(generate(counting, [0], { maxNewTokens: 3 }))).toEqual([1, 2, 3]);
      expect(await collected(generate(counting, [3, 1], { eosTokenId: 4 }))).toEqual([2, 3, 4]);
      expect(await collected(generate(counting, Int32Array.of(1), { eosTokenId: [3, 4] }))).toEqual([2, 3]);
      expect((await collected(generate(counting, [0]))).length).toBe(20);
    });

    test('the state is carried: one step a token, the prompt in one', async () => {
      const model = remembering(6, 1);
      const tokens = await collected(generate(model, [1, 2, 3], { maxNewTokens: 5 }));
      expect(model.calls.length).toBe(5);
      for (let i = 0; i < 5; i++) {
        const scores = await after(model, [1, 2, 3, ...tokens.slice(0, i)]);
        expect(scores.indexOf(Math.max(...scores))).toBe(tokens[i]);
      }
    });

    test('leaving the loop early stops the work', async () => {
      const model = remembering(6, 1);
      for await (const _ of generate(model, [1])) break;
      expect(model.calls.length).toBe(1);
    });

    test('drawn tokens come as often as their probabilities say, and the seed decides', async () => {
      const fixed: StepModel<null> = {
        step: (ids, state) => ({
          logits: tensor([[4, 1, 3, 2].map(Math.log)]).expand([ids.shape[0]!, 4]),
          state,
        }),
      };
      const draw = (options: object): Promise<number[]> =>
        collected(generate(fixed, [0], { maxNewTokens: 6000, generator: new Generator(7), ...options }));
      const shares = (tokens: number[]): number[] =>
        [0, 1, 2, 3].map((t) => tokens.filter((token) => token === t).length / tokens.length);
      const first = await draw({ doSample: true });
      // Three standard deviations of a share of 6,000 are below 0.02.
      for (const [i, share] of shares(first).entries())
        expect(Math.abs(share - [0.4, 0.1, 0.3, 0.2][i]!)).toBeLessThan(0.02);
      expect(await draw({ doSample: true })).toEqual(first);
      expect(await draw({ temperature: 1 })).toEqual(first);
      const cut = shares(await draw({ topK: 2 }));
      expect(Math.abs(cut[0]! - 4 / 7)).toBeLessThan(0.02);
      expect([cut[1], cut[3]]).toEqual([0, 0]);
      manualSeed(1);
      const global = await collected(generate(fixed, [0], { doSample: true }));
      manualSeed(1);
      expect(await collected(generate(fixed, [0], { doSample: true }))).toEqual(global);
    });

    test('repetition penalty: what was said comes last', async () => {
      const flat = chain(tensor([[1, 0.9, 0.8]]).expand([3, 3]));
      expect(await collected(generate(flat, [2], { maxNewTokens: 4, repetitionPenalty: 1.5 }))).toEqual([
        0, 1, 0, 0,
      ]);
    });

    test('a signal ends it', async () => {
      const abort = new AbortController();
      const tokens: number[] = [];
      const reading = (async () => {
        for await (const token of generate(counting, [0], { maxNewTokens: 100, signal: abort.signal })) {
          tokens.push(token);
          if (tokens.length === 3) abort.abort(new Error('enough'));
        }
      })();
      await expect(reading).rejects.toThrow('enough');
      expect(tokens.length).toBe(3);
      await expect(
        generateAll(counting, [[0]], { signal: AbortSignal.abort(new Error('no')), numBeams: 2 }),
      ).rejects.toThrow('no');
    });

    test('errors', async () => {
      expect(() => generate(counting, [])).toThrow(
        'generate: prompt is empty; begin with the token that begins a text',
      );
      expect(() => generate(counting, [0.5])).toThrow(
        'generate: prompt must be a whole number of at least 0, got 0.5',
      );
      expect(() => generate({} as never, [0])).toThrow(
        'generate: model.step must be a function, got undefined',
      );
      expect(() => generate(counting, [0], { topK: 3, doSample: false })).toThrow(
        'generate: topK is for sampling, but doSample is false',
      );
      expect(() => generate(counting, [0], { numBeams: 2 } as never)).toThrow("there's no option 'numBeams'");
      const wrong = (result: unknown) =>
        collected(generate({ step: () => result as never } as StepModel<null>, [0, 1]));
      await expect(wrong(3)).rejects.toThrow('generate: model.step must return { logits, state }, got 3');
      await expect(wrong({ logits: full([1, 3], Number.POSITIVE_INFINITY), state: null })).rejects.toThrow(
        "generate: the model's scores are infinite; has its training diverged?",
      );
      await expect(wrong({ logits: full([1, 3], 1).to('int32'), state: null })).rejects.toThrow(
        "generate: the model's logits must be floating, got int32",
      );
      await expect(wrong({ logits: full([2, 3], 1), state: null })).rejects.toThrow(
        /^generate: the model's logits don't fit 1 row of 2 tokens\n {2}logits {2}\(N, T, V\) or \(N, V\) {2}\[2, 3\]$/,
      );
      const nan = chain(full([3, 3], Number.NaN));
      await expect(collected(generate(nan, [0]))).rejects.toThrow(NonFiniteError);
      await expect(collected(generate(chain(full([3, 3], -Infinity)), [0]))).rejects.toThrow(
        "generate: the model's scores are all minus infinity; has its training diverged?",
      );
      await expect(collected(generate(counting, [0], { eosTokenId: 5 }))).rejects.toThrow(
        "generate: eosTokenId 5 isn't one of the model's 5 tokens",
      );
    });
  });

  describe('generateAll', () => {
    test('a batch gives what each prompt gives alone', async () => {
      const model = remembering(7, 2);
      const prompts = [[1, 2], [3], [4, 5], [6]];
      const options = { maxNewTokens: 8, eosTokenId: 0 };
      const all = await generateAll(model, prompts, options);
      for (const [i, prompt] of prompts.entries()) {
        const alone = await collected(generate(model, prompt, options));
        expect(all[i]).toEqual([
          { tokens: alone, score: null, ended: alone.at(-1) === 0 ? 'eos' : 'length' },
        ]);
      }
    });

    test('sequences that have ended leave the batch', async () => {
      const model = remembering(7, 3);
      await generateAll(model, [[1], [2], [3], [4]], { maxNewTokens: 12, eosTokenId: [0, 1, 2] });
      expect(model.calls[0]).toBe(4);
      expect(model.calls.at(-1)).toBeLessThan(4);
    });

    test('several drawn for each prompt', async () => {
      const model = remembering(7, 4);
      const [first, second] = await generateAll(model, [[1], [2]], {
        ...{ doSample: true, numReturnSequences: 3, maxNewTokens: 6, generator: new Generator(1) },
      });
      expect([first!.length, second!.length]).toEqual([3, 3]);
      expect(first![0]!.tokens).not.toEqual(first![1]!.tokens);
    });

    test('errors', async () => {
      const model = remembering(4, 1);
      const failing = (prompts: unknown, options?: GenerateAllOptions<Tensor | null>) =>
        expect(generateAll(model, prompts as number[][], options)).rejects;
      await failing([]).toThrow('generateAll: there are no prompts');
      await failing([1, 2]).toThrow('generateAll: prompt 0 is 1\n  hint: one prompt is a list: [prompt]');
      await failing([[1], []]).toThrow(
        'generateAll: prompt 1 is empty; begin with the token that begins a text',
      );
      await failing([[0]], { numBeams: 5 }).toThrow(
        "generateAll: numBeams, 5, is more than the vocabulary's 4 tokens",
      );
      await failing([[0]], { numBeams: 2, topK: 2 }).toThrow(
        "generateAll: beams follow the likeliest sequences; they aren't for sampling",
      );
      await failing([[0]], { numBeams: 2, numReturnSequences: 3 }).toThrow(
        'generateAll: numReturnSequences, 3, is more than numBeams, 2',
      );
      await failing([[0]], { numReturnSequences: 2 }).toThrow(
        'generateAll: 2 sequences that take the likeliest tokens would be the same\n  hint: pass doSample: true, or numBeams',
      );
      const { step } = model;
      await expect(generateAll({ step }, [[0]], { numBeams: 2 })).rejects.toThrow(
        'generateAll: the model needs select(state, rows), since rows of its state move\n  hint: select: (state, rows) => text.selectRows(state, rows, 1)',
      );
      await expect(generateAll(chain(full([3, 3], Number.NaN)), [[0]], { numBeams: 2 })).rejects.toThrow(
        "generateAll: the model's scores are NaN; has its training diverged?",
      );
    });
  });

  describe('beam search', () => {
    test.each([
      [2, 0],
      [3, 1],
      [5, 0.6],
      [8, 2],
      [4, -1],
    ])('%i beams, length penalty %f: as defined', async (numBeams, lengthPenalty) => {
      for (let seed = 0; seed < 6; seed++) {
        const model = remembering(8, seed);
        const prompts = [[1], [2], [3]];
        const options = { numBeams, lengthPenalty, maxNewTokens: 6 };
        const all = await generateAll(model, prompts, {
          ...options,
          eosTokenId: 0,
          numReturnSequences: numBeams,
        });
        for (const [i, prompt] of prompts.entries()) {
          const wanted = await reference(model, prompt, { ...options, eos: 0 });
          expect(all[i]!.map(({ tokens }) => tokens)).toEqual(wanted.map(({ tokens }) => tokens));
          for (const [k, { score }] of all[i]!.entries()) expect(score).toBeCloseTo(wanted[k]!.score, 4);
        }
      }
    });

    test('with as many beams as tokens, two steps are an exhaustive search', async () => {
      for (let seed = 0; seed < 5; seed++) {
        const model = remembering(9, seed);
        const first = await after(model, [3]);
        const every: { tokens: number[]; score: number }[] = [];
        for (const [a, p] of first.entries())
          if (a === 0) every.push({ tokens: [a], score: p });
          else
            for (const [b, q] of (await after(model, [3, a])).entries())
              every.push({ tokens: [a, b], score: p + q });
        every.sort((a, b) => b.score - a.score);
        const [found] = await generateAll(model, [[3]], {
          ...{ numBeams: 9, lengthPenalty: 0, maxNewTokens: 2, eosTokenId: 0, numReturnSequences: 4 },
          earlyStopping: 'never',
        });
        expect(found!.map(({ tokens }) => tokens)).toEqual(every.slice(0, 4).map(({ tokens }) => tokens));
      }
    });

    test('earlyStopping true ends with the first complete sequences', async () => {
      const model = remembering(8, 3);
      const run = async (earlyStopping: boolean | 'never'): Promise<number> => {
        model.calls.length = 0;
        await generateAll(model, [[1]], {
          numBeams: 2,
          eosTokenId: [0, 1, 2, 3],
          maxNewTokens: 30,
          earlyStopping,
          lengthPenalty: 3,
        });
        return model.calls.length;
      };
      const [early, usual, never] = [await run(true), await run(false), await run('never')];
      expect(early).toBeLessThanOrEqual(usual);
      expect(usual).toBeLessThanOrEqual(never);
      expect(early).toBeLessThan(never);
    });

    test('repetition penalty', async () => {
      const flat: StepModel<Tensor | null> = chain(tensor([[1, 0.9, 0.8, 0.7]]).expand([4, 4])) as never;
      const [[plain]] = (await generateAll(flat, [[3]], { numBeams: 2, maxNewTokens: 3 })) as [[Generated]];
      expect(plain.tokens).toEqual([0, 0, 0]);
      const options = { numBeams: 2, maxNewTokens: 3, repetitionPenalty: 3 };
      const [[varied]] = (await generateAll(flat, [[3]], options)) as [[Generated]];
      expect([...varied.tokens].sort()).toEqual([0, 1, 2]);
    });

    test('an LSTM and its states', async () => {
      manualSeed(0);
      const lstm = new nn.LSTM(6, 12, { numLayers: 2, batchFirst: true });
      const head = new nn.Linear(12, 6);
      type State = readonly [Tensor, Tensor] | null;
      const model: StepModel<State> = {
        step(ids, state) {
          const [h, next] = lstm.forward(F.oneHot(ids, 6).to('float32'), state);
          return { logits: head.forward(h).mul(8), state: next };
        },
        select: (state, rows) => selectRows(state, rows, 1),
      };
      const prompts = [
        [1, 2],
        [3, 4],
      ];
      const all = await generateAll(model, prompts, { numBeams: 3, maxNewTokens: 7 });
      for (const [i, prompt] of prompts.entries()) {
        const [alone] = await generateAll(model, [prompt], { numBeams: 3, maxNewTokens: 7 });
        expect(all[i]![0]!.tokens).toEqual(alone![0]!.tokens);
        const whole = [...prompt, ...alone![0]!.tokens];
        const [h] = lstm.forward(F.oneHot(tensor([whole], { dtype: 'int32' }), 6).to('float32'), null);
        const logs = (await head.forward(h).mul(8).logSoftmax(2).toArray()) as number[][][];
        const score = whole.slice(2).reduce((sum, token, t) => sum + logs[0]![t + 1]![token]!, 0) / 7;
        expect(alone![0]!.score).toBeCloseTo(score, 4);
      }
    });
  });
});

test('selectRows walks lists and objects, and refuses others', async () => {
  const state = { a: tensor([[1], [2]]), b: [tensor([[3], [4]]), null] as const };
  const picked = selectRows(state, tensor([1, 1], { dtype: 'int32' }), 0);
  expect(await picked.a.toArray()).toEqual([[2], [2]]);
  expect(await (picked.b[0] as Tensor).toArray()).toEqual([[4], [4]]);
  expect(picked.b[1]).toBeNull();
  expect(() => selectRows(null, [0] as never, 0)).toThrow('selectRows: rows must be a tensor, got [0]');
  expect(() => selectRows({ n: 3 }, tensor([0]), 0)).toThrow(
    new ArgumentError('selectRows', "can't take rows of 3; select from it yourself"),
  );
});
