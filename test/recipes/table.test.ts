import { expect, test } from 'vitest';
import { percent, table } from '../../src/recipes/table.js';

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
