/** What a recurrent layer says of sequences doesn't depend on how they're laid out, padded, sorted, or cut. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cat,
  flip,
  grad,
  manualSeed,
  noGrad,
  randn,
  setEngine,
  slice,
  stack,
  type Tensor,
} from '../../../src/index.js';
import * as nn from '../../../src/nn/index.js';
import { allEngines } from '../../helpers/engines.js';

const { packPaddedSequence, packSequence, padPackedSequence, padSequence, unpackSequence } = nn.utils.rnn;

const layers = { RNN: nn.RNN, LSTM: nn.LSTM, GRU: nn.GRU };
const cells = { RNN: nn.RNNCell, LSTM: nn.LSTMCell, GRU: nn.GRUCell };

interface Case {
  readonly kind: keyof typeof layers;
  readonly numLayers: number;
  readonly bidirectional: boolean;
  readonly batchFirst: boolean;
  readonly bias: boolean;
  readonly lengths: readonly number[];
  /** Steps of padding after the longest sequence. */
  readonly more: number;
  readonly seed: number;
}

const cases = fc.record<Case>({
  kind: fc.constantFrom('RNN', 'LSTM', 'GRU'),
  numLayers: fc.integer({ min: 1, max: 3 }),
  bidirectional: fc.boolean(),
  batchFirst: fc.boolean(),
  bias: fc.boolean(),
  lengths: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
  more: fc.integer({ min: 0, max: 2 }),
  seed: fc.integer({ min: 0, max: 1000 }),
});

const F = 3;
const H = 4;

type Net = nn.RNN | nn.LSTM | nn.GRU;

const netOf = ({ kind, lengths: _, more: __, seed, ...options }: Case): Net => {
  manualSeed(seed);
  return new layers[kind](F, H, { ...options, dtype: 'float64' });
};

const sequencesOf = ({ lengths }: Case): Tensor[] =>
  lengths.map((length) => randn([length, F], { dtype: 'float64' }));

/** Outputs and final states in one list. */
const run = (net: Net, ...inputs: unknown[]): [nn.Sequences, ...Tensor[]] =>
  (net.forward as (...xs: unknown[]) => [nn.Sequences, Tensor | Tensor[]]).apply(net, inputs).flat() as [
    nn.Sequences,
    ...Tensor[],
  ];

const close = async (a: Tensor, b: Tensor, what: string): Promise<void> => {
  expect(a.shape, what).toEqual(b.shape);
  expect(await a.allclose(b, { rtol: 1e-9, atol: 1e-11 }), what).toBe(true);
};

/** (T, N, …) or (N, T, …) */
const padded = (sequences: readonly Tensor[], { batchFirst, more }: Case): Tensor => {
  const x = padSequence(sequences, { batchFirst, paddingValue: 7 });
  const shape = x.shape.map((n, i) => (i === (batchFirst ? 1 : 0) ? more : n));
  return cat([x, randn(shape, { dtype: 'float64' })], batchFirst ? 1 : 0);
};

const check = (property: (one: Case) => Promise<void>, numRuns = 25): Promise<void> =>
  fc.assert(fc.asyncProperty(cases, property), { numRuns, seed: 5 });

describe.each(allEngines)('on %s', (engine) => {
  test('with lengths, each sequence is what it is on its own, and outputs after its end are zeros', () => {
    setEngine(engine);
    return check(async (one) => {
      const net = netOf(one);
      const sequences = sequencesOf(one);
      const x = padded(sequences, one);
      const [out, ...states] = run(net, x, null, { lengths: one.lengths }) as Tensor[];
      const rows = out!.unbind(one.batchFirst ? 0 : 1);
      for (const [n, sequence] of sequences.entries()) {
        const [own, ...ownStates] = run(net, sequence) as Tensor[];
        const length = one.lengths[n]!;
        await close(rows[n]!.at(slice(0, length)), own!, `outputs of sequence ${n}`);
        expect(await rows[n]!.at(slice(length)).abs().sum().item()).toBe(0);
        for (const [k, state] of states.entries())
          await close(state.at(slice(), n), ownStates[k]!, `state ${k} of sequence ${n}`);
      }
    });
  });

  test('packed sequences give what padded ones give', () => {
    setEngine(engine);
    return check(async (one) => {
      const { batchFirst, lengths } = one;
      const net = netOf(one);
      const sequences = sequencesOf(one);
      const x = padded(sequences, one);
      const [out, ...states] = run(net, x, null, { lengths }) as Tensor[];
      for (const packed of [
        packPaddedSequence(x, lengths, { batchFirst, enforceSorted: false }),
        packSequence(sequences, { enforceSorted: false }),
      ]) {
        const [packedOut, ...packedStates] = run(net, packed) as [nn.utils.rnn.PackedSequence, ...Tensor[]];
        const totalLength = x.shape[batchFirst ? 1 : 0]!;
        await close(padPackedSequence(packedOut, { batchFirst, totalLength })[0], out!, 'outputs');
        for (const [k, state] of states.entries()) await close(packedStates[k]!, state, `state ${k}`);
      }
    });
  });

  test('the order of sequences, and the place of the batch, change nothing', () => {
    setEngine(engine);
    return check(async (one) => {
      const net = netOf(one);
      const other = netOf({ ...one, batchFirst: !one.batchFirst });
      const x = padded(sequencesOf(one), one);
      const [axis, time] = one.batchFirst ? [0, 1] : [1, 0];
      const [out, ...states] = run(net, x, null, { lengths: one.lengths }) as Tensor[];
      const lengths = one.lengths.toReversed();
      const [reversed, ...reversedStates] = run(net, flip(x, [axis]), null, { lengths }) as Tensor[];
      await close(flip(reversed!, [axis]), out!, 'outputs of the reversed batch');
      const [turned, ...turnedStates] = run(other, x.transpose(0, 1), null, {
        lengths: one.lengths,
      }) as Tensor[];
      await close(turned!.transpose(0, 1), out!, 'outputs of the transposed batch');
      const [full] = run(net, x) as Tensor[];
      const all = new Array<number>(one.lengths.length).fill(x.shape[time]!);
      await close((run(net, x, null, { lengths: all }) as Tensor[])[0]!, full!, 'all steps real');
      for (const [k, state] of states.entries()) {
        await close(flip(reversedStates[k]!, [1]), state, `state ${k} of the reversed batch`);
        await close(turnedStates[k]!, state, `state ${k} of the transposed batch`);
      }
    });
  });

  test('in two parts, with the states between, is the same as at once; a reverse direction reads from the end', () => {
    setEngine(engine);
    return check(async (one) => {
      const net = netOf({ ...one, bidirectional: false, batchFirst: false });
      const x = randn([5, 2, F], { dtype: 'float64' });
      const [out, ...states] = run(net, x) as Tensor[];
      const [first, ...between] = run(net, x.at(slice(0, 2))) as Tensor[];
      const given = between.length === 1 ? between[0] : between;
      const [second, ...last] = run(net, x.at(slice(2)), given) as Tensor[];
      await close(cat([first!, second!]), out!, 'outputs');
      for (const [k, state] of states.entries()) await close(last[k]!, state, `state ${k}`);

      const both = netOf({ ...one, numLayers: 1, bidirectional: true, batchFirst: false });
      const alone = netOf({ ...one, numLayers: 1, bidirectional: false, batchFirst: false });
      const reverse = Object.entries(both.stateDict()).filter(([key]) => key.endsWith('_reverse'));
      alone.loadStateDict(
        Object.fromEntries(reverse.map(([key, value]) => [key.slice(0, -'_reverse'.length), value])),
      );
      const [outputs] = run(both, x) as Tensor[];
      const [backward] = run(alone, flip(x, [0])) as Tensor[];
      await close(outputs!.at('...', slice(H)), flip(backward!, [0]), 'the second direction');
    }, 10);
  });

  test('cells are one step of their layers', () => {
    setEngine(engine);
    return check(async (one) => {
      const { kind, bias } = one;
      const net = netOf({ ...one, numLayers: 1, bidirectional: false, batchFirst: false });
      const cell = new cells[kind](F, H, { bias, dtype: 'float64' });
      const own = Object.entries(net.stateDict());
      cell.loadStateDict(Object.fromEntries(own.map(([key, value]) => [key.replace('_l0', ''), value])));
      const x = randn([4, 2, F], { dtype: 'float64' });
      const [out] = run(net, x) as Tensor[];
      let state: Tensor | [Tensor, Tensor] | null = null;
      const outputs: Tensor[] = [];
      for (const step of x) {
        state = (cell.forward as (x: Tensor, s: typeof state) => Tensor | [Tensor, Tensor]).call(
          cell,
          step,
          state,
        );
        outputs.push(Array.isArray(state) ? state[0] : state);
      }
      await close(stack(outputs), out!, 'outputs');
    }, 10);
  });

  test('gradients of padding are zeros, and those of sequences are what they are alone', () => {
    setEngine(engine);
    return check(async (one) => {
      const net = netOf(one);
      const sequences = sequencesOf(one);
      const x = noGrad(() => padded(sequences, one)).requiresGrad_();
      const total = ([out, ...states]: readonly Tensor[]): Tensor =>
        states.reduce((sum, state) => sum.add(state.square().sum()), out!.pow(3).sum());
      const parameters = net.parameters();
      const [dx, ...found] = grad(total(run(net, x, null, { lengths: one.lengths }) as Tensor[]), [
        x,
        ...parameters,
      ]);
      const alone = sequences.map((sequence) =>
        grad(total(run(net, sequence.requiresGrad_()) as Tensor[]), [sequence, ...parameters]),
      );
      const rows = dx!.unbind(one.batchFirst ? 0 : 1);
      for (const [n, [own]] of alone.entries()) {
        const length = one.lengths[n]!;
        await close(rows[n]!.at(slice(0, length)), own!, `gradient of sequence ${n}`);
        expect(await rows[n]!.at(slice(length)).abs().sum().item()).toBe(0);
      }
      for (const [k, gradient] of found.entries())
        await close(
          gradient,
          alone.map((list) => list[k + 1]!).reduce((a, b) => a.add(b)),
          `gradient of weight ${k}`,
        );
    }, 10);
  });
});

test('packing and padding are each the opposite of the other', () =>
  check(async (one) => {
    setEngine('native');
    manualSeed(one.seed);
    const sequences = sequencesOf(one);
    const packed = packSequence(sequences, { enforceSorted: false });
    expect(packed.lengths).toEqual(one.lengths);
    const back = unpackSequence(packed);
    for (const [n, sequence] of sequences.entries()) await close(back[n]!, sequence, `sequence ${n}`);
    const [x, lengths] = padPackedSequence(packed, { batchFirst: one.batchFirst });
    expect([...lengths.dataSync()]).toEqual(one.lengths);
    await close(x, padSequence(sequences, { batchFirst: one.batchFirst }), 'padded');
    const again = nn.utils.rnn.unpadSequence(x, lengths, { batchFirst: one.batchFirst });
    for (const [n, sequence] of sequences.entries())
      await close(again[n]!, sequence, `sequence ${n} of the padded`);
  }));
