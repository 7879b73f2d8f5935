import { expect, test } from 'vitest';
import { lossText, reportLines, table } from '../../../src/recipes/kit/report.js';

test('a report is lines, and tables whose first column is flush left and the others flush right', () => {
  const rows = [
    ['majority', '95.0 %', 0],
    ['weighted', '87.65 %', '0.5'],
  ];
  expect(reportLines(['Look:', table(['', 'accuracy', 'F1'], rows), '', 'done'])).toEqual([
    'Look:',
    '          accuracy   F1',
    'majority    95.0 %    0',
    'weighted   87.65 %  0.5',
    '',
    'done',
  ]);
});

test('columns of words can be flush left too', () => {
  expect(reportLines([table(['', 'f(x)', 'at 1'], [['linear', 'x', 1]], { left: 2 })])).toEqual([
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
