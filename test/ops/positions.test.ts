import { expect, test } from 'vitest';
import * as M from '../../src/index.js';

const x = M.zeros([2, 3]);
const calls: readonly (readonly [string, () => unknown, RegExp])[] = [
  ['a shape that is none', () => x.reshape('a' as never), /^reshape: the shape must be a list, got 'a'$/],
  ["a length that isn't a number", () => x.reshape(['a'] as never), /^reshape: lengths must be integers ≥ 0/],
  [
    'axes that are none',
    () => x.permute(1 as never),
    /^permute: dims must be a list, got 1\n {2}hint: several are one list, permute\(\[1, …\]\)$/,
  ],
  [
    'an axis that is none',
    () => x.transpose(0, 'a' as never),
    /^transpose: an axis must be a whole number, got 'a'$/,
  ],
  [
    "an axis that wasn't awaited",
    () => x.unsqueeze(Promise.resolve(1) as never),
    /^unsqueeze: an axis must be a whole number, got a Promise\n {2}hint: await it first$/,
  ],
  [
    'options in front of the axis',
    () => x.sort({ descending: true } as never),
    /^sort: an axis must be a whole number, got { descending }\n {2}hint: the options come after the axis$/,
  ],
  [
    'an index that is none',
    () => x.select(0, 'a' as never),
    /^select: an index must be a whole number, got 'a'$/,
  ],
  ['a fraction', () => x.narrow(0, 0.5, 1), /^narrow: start must be a whole number, got 0.5$/],
  [
    'half a range',
    () => x.slice(1, 0.5, null),
    /^slice: the start of a range must be an integer or null, got 0.5$/,
  ],
  ['sizes that are none', () => x.split('a' as never), /^split: sizes must be a list, got 'a'$/],
  ['a length below 0', () => x.split([-1, 3]), /^split: sizes must be a whole number of at least 0, got -1$/],
  [
    'an expanded shape',
    () => x.expand(3 as never),
    /^expand: the shape must be a list, got 3\n {2}hint: several are one list, expand\(\[3, …\]\)$/,
  ],
  [
    'repetitions',
    () => x.repeat(2 as never),
    /^repeat: repeats must be a list, got 2\n {2}hint: several are one list, repeat\(\[2, …\]\)$/,
  ],
  ['repetitions below 0', () => x.tile([-1]), /^tile: dims must be a whole number of at least 0, got -1$/],
  ['axes to flip', () => x.flip('a' as never), /^flip: an axis must be a whole number, got 'a'$/],
  ['shifts', () => x.roll('a' as never, 0), /^roll: shifts must be a whole number, got 'a'$/],
];

test.each(calls)('%s', (_, call, message) => {
  expect(call).toThrow(M.MyelinError);
  expect(call).toThrow(message);
});
