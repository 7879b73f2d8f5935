import { expect, test } from 'vitest';
import { percent } from '../../../src/core/percent.js';
import { lossText, table } from '../../../src/recipes/kit/table.js';

test('a table has its first column flush left and the others flush right', () => {
  expect(
    table(
      ['', 'accuracy', 'F1'],
      [
        ['majority', percent(0.95), 0],
        ['weighted', percent(0.8765, 2), '0.5'],
      ],
    ),
  ).toEqual(['          accuracy   F1', 'majority    95.0 %    0', 'weighted   87.65 %  0.5']);
});

test('columns of words can be flush left too', () => {
  expect(table(['', 'f(x)', 'at 1'], [['linear', 'x', 1]], { left: 2 })).toEqual([
    '        f(x)  at 1',
    'linear  x        1',
  ]);
});

test('losses are written with a power of ten where they are large, and as diverged where they are none', () => {
  expect(lossText(0.12345)).toBe('0.1235');
  expect(lossText(12.5, 1)).toBe('12.5');
  expect(lossText(1.97e21)).toBe('2.0e21');
  for (const none of [Number.NaN, Number.POSITIVE_INFINITY, undefined])
    expect(lossText(none)).toBe('diverged');
});
