import { expect, test } from 'vitest';
import { ArgumentError } from '../../../src/core/errors.js';
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

test("large losses are written with a power of ten, and those that aren't numbers as diverged", () => {
  expect(lossText(0.12345)).toBe('0.1235');
  expect(lossText(12.5, 1)).toBe('12.5');
  expect(lossText(1.97e21)).toBe('2.0e21');
  for (const none of [Number.NaN, Number.POSITIVE_INFINITY, undefined])
    expect(lossText(none)).toBe('diverged');
});

test.each([
  [{ headings: [], rows: 3 }, 'report must be a list, got { headings, rows }'],
  [[3], 'report[0] must be an object, got 3'],
  [[{ rows: [] }], 'report[0].headings must be a list in which each is a string, got undefined'],
  [
    [{ headings: ['a'], rows: [[{}]] }],
    'report[0].rows must be a list in which each is a list in which each is a string, or a number, got [[…]]',
  ],
  [[{ headings: ['a'], rows: [[]] }], 'report[0].rows[0] must have 1 cell, one for each heading, got 0'],
  [
    [{ headings: ['a', 'b'], rows: [[1, 2], [3]] }],
    'report[0].rows[1] must have 2 cells, one for each heading, got 1',
  ],
  [[{ headings: ['a'], rows: [], left: -1 }], 'report[0].left must be a whole number of at least 0, got -1'],
])('%j is refused', (report, message) => {
  expect(() => reportLines(report as never)).toThrow(ArgumentError);
  expect(() => reportLines(report as never)).toThrow(`reportLines: ${message}`);
});
