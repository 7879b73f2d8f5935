import { expect, test } from 'vitest';
import { linspace, noGrad } from '../../../src/index.js';
import * as nn from '../../../src/nn/index.js';
import * as viz from '../../../src/viz/index.js';
import { horizontalBar, risingBars } from '../../../src/viz/text/bars.js';
import { alike, marksAlike, short } from '../../../src/viz/text/numbers.js';

const lines = (figure: viz.Figure, columns = 24): string[] => figure.toText({ columns }).split('\n');

test('one curve is drawn in dots, with a gap where a value is missing', () => {
  const figure = viz.lineChart([{ name: 'y', x: [0, 1, 2, 3], y: [0, 1, Number.NaN, 0.5] }], {
    title: 'One',
    xLabel: 'x',
    yLabel: 'y',
  });
  expect(lines(figure)).toEqual([
    'One',
    '    y',
    '  1 ┤     ⢀⠇',
    '    │     ⢸',
    '    │     ⡇',
    '    │    ⢰⠁',
    '    │    ⡜',
    '    │   ⢀⠇',
    '    │   ⢸',
    '0.5 ┤   ⡇              ⠠',
    '    │  ⢸',
    '    │  ⡎',
    '    │ ⢠⠃',
    '    │ ⡸',
    '    │ ⡇',
    '    │⢸',
    '  0 ┤⡎',
    '    └───────────────────',
    '     0        x        3',
    '1 of 4 points left out:',
    'not finite',
  ]);
});

test('several curves have a mark each, and a panel a metric', () => {
  const figure = viz.learningCurves(
    [
      { epoch: 1, train: { loss: 2 }, validation: { loss: 2, accuracy: 0.5 } },
      { epoch: 2, train: { loss: 1 }, validation: { loss: 1.5, accuracy: 0.75 } },
    ],
    { title: 'Run' },
  );
  expect(lines(figure).slice(0, 17)).toEqual([
    'Run',
    '',
    'loss',
    '  2 ┤○○',
    '    │ ●○○○○',
    '    │   ●● ○○○',
    '    │     ●●  ○○○○',
    '    │       ●●    ○○○○',
    '1.5 ┤         ●       ○○',
    '    │          ●●',
    '    │            ●●',
    '    │              ●●',
    '    │                ●●',
    '  1 ┤                  ●',
    '    └───────────────────',
    '     1      epoch      2',
    '● train   ○ validation',
  ]);
  expect(lines(figure)[18]).toBe('accuracy (validation)');
});

test('points of classes have marks, or their names where these are single characters', () => {
  const points = { x: [0, 1, 2], y: [0, 1, 2] };
  const named = lines(viz.scatter({ ...points, classes: ['cat', 'dog', 'cat'] }, { title: 'Names' }));
  expect(named[1]).toBe('2 ┤                    ●');
  expect(named[8]).toBe('1 ┤          ○');
  expect(named.at(-1)).toBe('● cat   ○ dog');
  const digits = lines(viz.scatter({ ...points, classes: [3, 8, 3] }, { title: 'Digits' }));
  expect(digits[1]).toBe('2 ┤                    3');
  expect(digits[8]).toBe('1 ┤          8');
  expect(digits.at(-1)).toBe('   0                   2');
});

test('regions are shades behind the points', async () => {
  const figure = await viz.decisionBoundary(
    { x: [-1, 1], y: [0, 1], classes: [0, 1] },
    (grid) => grid.select(1, 0).gt(0).to('int32'),
    { title: 'Regions' },
  );
  expect(lines(figure).slice(1, 4)).toEqual([
    ' 1.08 ┤        ░░░░░░░░░',
    '      │        ░░░░░░░1░',
    '      │        ░░░░░░░░░',
  ]);
  const bowl = viz.contour({ f: (x, y) => x * x + y * y, x: [-1, 1], y: [-1, 1] }, [], { title: 'Bowl' });
  expect(lines(bowl)[8]).toBe(' 0 ┤▓▓▓▓▓▒▒▒░  ░▒▒▒▓▓▓▓▓');
});

test('bars are drawn to an eighth of a character, negative ones to the left', () => {
  const bars = [
    { label: 'SGD', value: 0.5 },
    { label: 'momentum', value: -0.25 },
    { label: 'a name that is far too long for it', value: 1 },
    { label: 'diverged', value: Number.NaN },
  ];
  expect(lines(viz.barChart(bars, { title: 'Bars' }), 40)).toEqual([
    'Bars',
    'SGD                    0.5   ████▊',
    'momentum             -0.25 ██',
    'a name that is far …     1   █████████▋',
    'diverged               NaN',
  ]);
  expect(horizontalBar(0.5, 3)).toBe('█▌');
  expect(risingBars([0, 1, 8, 16], 16, 2)).toEqual(['   █', ' ▁██']);
});

test('a histogram is made of rising bars over one axis', () => {
  const one = viz.histogram([{ name: 'a', values: [1, 1, 2, 3] }], { title: 'One', bins: 3, xLabel: 'v' });
  const [filled, half] = ['  │███████', '  │█████████████████████'];
  expect(lines(one)).toEqual([
    'One',
    '2 ┤███████',
    filled,
    filled,
    filled,
    half,
    half,
    half,
    half,
    '  └─────────────────────',
    '   1         v         3',
  ]);
  const two = viz.histogram(
    [
      { name: 'first', values: [1, 1] },
      { name: 'second', values: [3, 1] },
    ],
    { title: 'Two', bins: 2 },
  );
  expect(lines(two).slice(1, 4)).toEqual(['first', '2 ┤██████████', '  │██████████']);
});

test('matrices are aligned tables, and shades where a table would be too wide', () => {
  const matrix = [
    [8, 2],
    [0, 5],
  ];
  expect(lines(viz.confusionMatrix(matrix, { title: 'Test', classes: ['cat', 'dog'] }), 80)).toEqual([
    'Test',
    'rows: true class, columns: predicted class',
    '     cat  dog   right',
    'cat    8    2  80.0 %',
    'dog    0    5   100 %',
    '13 of 15 right: 86.67 %',
  ]);
  expect(lines(viz.heatmap([[1, 0.5]], { title: 'Heat', yNames: ['row'] }))).toEqual([
    'Heat',
    '     0    1',
    'row  1  0.5',
  ]);
  const wide = [Array.from({ length: 40 }, (_, i) => i)];
  expect(lines(viz.heatmap(wide, { title: 'Wide' }))).toEqual([
    'Wide',
    '     ░░░░░▒▒▒▒▓▓▓▓▓█████',
    'values from 0 to 39',
  ]);
});

test('images are shades, a label under each, as many in a row as fit', async () => {
  const images = linspace(0, 1, 32).reshape([2, 1, 4, 4]);
  const figure = await viz.imageGrid(images, { title: 'Images', labels: ['x', 'y'] });
  expect(lines(figure)).toEqual(['Images', '     ▒▓▓▓', '░░░▒ ████', 'x    y']);
  const large = await viz.imageGrid(linspace(0, 1, 2 * 40 * 40).reshape([2, 1, 40, 40]), { title: 'Large' });
  expect(lines(large).every((line) => line.length <= 24)).toBe(true);
  const missing = await viz.imageGrid(linspace(0, 1, 4).reshape([1, 1, 2, 2]).log().mul(Number.NaN), {
    title: 'NaN',
  });
  expect(lines(missing)).toEqual(['NaN', '??']);
});

test('weights and activations are tables with a distribution in each row', async () => {
  const layer = new nn.Linear(2, 2);
  noGrad(() => {
    for (const parameter of layer.parameters())
      parameter.copy_(linspace(-1, 1, parameter.count).reshape(parameter.shape));
  });
  expect(lines(await viz.weights(layer, { title: 'Weights' }), 80)).toEqual([
    'Weights',
    '        shape  mean   dev.  least  most',
    'weight  2 × 2     0  0.745     -1     1  █      █        █      █',
    'bias        2     0      1     -1     1  █                      █',
  ]);
  const layers = [
    { name: 'first', values: [-1, 0, 1] },
    { name: 'second', values: [0, 0.5] },
  ];
  expect(lines(await viz.activations(layers, { title: 'Depth' }), 80)).toEqual([
    'Depth',
    '        mean   dev.  least  most',
    'first      0  0.816     -1     1  █           █          █',
    'second  0.25   0.25      0   0.5              █     █',
  ]);
  expect(lines(await viz.activations(layers, { title: 'Narrow' }))[2]).toBe('first      0  0.816     ');
});

test('trials are a table, the best first', () => {
  const color = Array.from({ length: 12 }, (_, i) => i / 100);
  const figure = viz.parallelCoordinates(
    [
      { name: 'lr', log: true, values: color.map((_, i) => 10 ** -i) },
      { name: 'accuracy', values: color },
    ],
    { title: 'Search', color },
  );
  expect(lines(figure).slice(0, 3)).toEqual(['Search', '       lr  accuracy', '11  1e-11      0.11']);
  expect(lines(figure).at(-1)).toBe('and 2 more');
});

test('panels are below one another', () => {
  const panel = (title: string) => viz.barChart([{ label: 'a', value: 1 }], { title });
  expect(lines(viz.panels([panel('Left'), panel('Right')], { title: 'Both' }))).toEqual([
    'Both',
    '',
    'Left',
    'a 1 ███████████████████',
    '',
    'Right',
    'a 1 ███████████████████',
  ]);
});

test('colors come only when they are asked for', () => {
  const figure = viz.barChart([{ label: 'a', value: 1 }], { title: 'Bar' });
  expect(figure.toText()).not.toContain('\u001b');
  expect(figure.toText({ columns: 24, color: true })).toBe(
    'Bar\na 1 \u001b[34m███████████████████\u001b[39m',
  );
});

test('a terminal that is too narrow is treated as one of 24 characters', () => {
  const figure = viz.barChart([{ label: 'a', value: 1 }], { title: 'Bar' });
  expect(figure.toText({ columns: 1 })).toBe(figure.toText({ columns: 24 }));
});

test('numbers are short', () => {
  expect([0, -3, 0.123456, 1234567, 12.5, 1e-7, 2.5e12, Number.NaN, -Infinity].map((n) => short(n))).toEqual([
    '0',
    '-3',
    '0.1235',
    '1.23e6',
    '12.5',
    '1e-7',
    '2.5e12',
    'NaN',
    '-∞',
  ]);
});

test.each([24, 40, 80])('no text form is wider than %i columns', (columns) => {
  const title =
    'A title that goes on and on, much further than any narrow terminal would ever be able to show';
  const x = [1, 2, 3];
  const wide = 'a_word_without_any_space_that_is_longer_than_a_narrow_terminal_is_wide';
  const names = [wide, 'b', 'c'];
  const figures = [
    viz.lineChart([{ name: wide, x, y: [1, Number.NaN, 3] }], { title, subtitle: title, xLabel: wide }),
    viz.barChart(
      names.map((label, i) => ({ label, value: i + 1 })),
      { title },
    ),
    viz.confusionMatrix(
      [1, 2, 3].map((i) => [i, 1, 2]),
      { title, classes: names },
    ),
    viz.learningCurves([{ epoch: 1, train: { [wide]: 1 }, bestEpoch: 1 }], { title }),
    viz.scatter({ x, y: x, classes: names }, { title }),
  ];
  for (const figure of figures)
    for (const line of figure.toText({ columns }).split('\n'))
      expect([...line].length, line).toBeLessThanOrEqual(columns);
});

test('numbers that stand together are written alike', () => {
  expect(alike([5.8e-5, 0.0711], 3)).toEqual(['5.8e-5', '7.1e-2']);
  expect(alike([0, 2_500_000, -1, Number.NaN])).toEqual(['0', '2.5e6', '-1e0', 'NaN']);
  expect(alike([0.25, 3, -12.5])).toEqual(['0.25', '3', '-12.5']);
  expect(alike([1e13, 1, 2e4])).toEqual(['1e13', '1e0', '2e4']);
  expect(alike([0.5, 1e-20])).toEqual(['5e-1', '1e-20']);
  expect(marksAlike([-0.3, 5e-17, 0.3])).toEqual(['-0.3', '0', '0.3']); // rounding, not a small number
});

test('axes of a search that have no room beside one another stand below', () => {
  const names = ['learning-rate', 'weight-decay', 'accuracy'];
  const figure = viz.parallelCoordinates(
    names.map((name) => ({ name, values: [0.25, 0.5] })),
    { title: 'Search', color: [1, 2] },
  );
  expect(lines(figure, 30)).toEqual([
    'Search',
    '   learning-rate  weight-decay',
    '1            0.5           0.5',
    '0           0.25          0.25',
    '',
    '   accuracy',
    '1       0.5',
    '0      0.25',
  ]);
});

test('a label under an image that is too long ends in an ellipsis', async () => {
  const figure = await viz.imageGrid(linspace(0, 1, 128).reshape([2, 1, 8, 8]), {
    title: 'Images',
    labels: ['cat', 'automobile as airplane'],
  });
  expect(figure.toText()).toMatch(/cat +automob…$/m);
});
