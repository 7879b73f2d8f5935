import { expect, test } from 'vitest';
import { drawnDigits } from '../../src/data/index.js';
import { linspace, manualSeed, randn, type Tensor, tensor } from '../../src/index.js';
import * as nn from '../../src/nn/index.js';
import type * as train from '../../src/train/index.js';
import * as viz from '../../src/viz/index.js';
import { all, marks, parseSvg, texts } from './svg.js';

const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
const draw = async (figure: viz.Figure) => parseSvg(await figure.toSvg());

test('a line chart has a line a series, dashes, marks, labels and a legend', async () => {
  const x = count(10);
  const svg = await draw(
    viz.lineChart(
      [
        { name: 'train', x, y: x.map((i) => 1 / i) },
        { name: 'validation', x, y: x.map((i) => 1.5 / i), dashed: true, points: true },
        { name: 'data', x, y: x.map((i) => 2 / i), points: 'only' },
      ],
      { title: 'Loss & <error>', subtitle: 'two "curves"', xLabel: 'epoch', yLabel: 'loss' },
    ),
  );
  expect(texts(svg)).toEqual(
    expect.arrayContaining([
      'Loss & <error>',
      'two "curves"',
      'epoch',
      'loss',
      'train',
      'validation',
      'data',
    ]),
  );
  const lines = marks(svg, 'line').filter(({ attributes }) => attributes.d !== '');
  expect(lines.map(({ attributes }) => attributes['stroke-dasharray'])).toEqual(['1,0', '4,3']);
  expect(marks(svg, 'symbol')).toHaveLength(20);
});

test("values that aren't finite leave gaps, and the picture says how many", async () => {
  const y = [1, 2, Number.NaN, 4, 5, Number.POSITIVE_INFINITY, 7, 8];
  const svg = await draw(viz.lineChart([{ name: 'y', x: count(8), y }], { title: 'Gaps' }));
  expect(texts(svg)).toContain('2 of 8 points left out: not finite');
  const [line] = marks(svg, 'line');
  expect(line!.attributes.d!.match(/M/g)).toHaveLength(3);
  expect(line!.attributes.d).not.toMatch(/NaN|Infinity/);
});

test('a chart of nothing finite is empty and says so', async () => {
  const svg = await draw(
    viz.lineChart([{ name: 'y', x: [1, 2], y: [Number.NaN, Number.NaN] }], { title: 'NaN' }),
  );
  expect(texts(svg)).toContain('2 of 2 points left out: not finite\ndiverges: y');
  const bars = await draw(viz.barChart([{ label: 'a', value: Number.NaN }], { title: 'NaN', yLog: true }));
  expect(texts(bars)).toContain('1 of 1 point left out: not finite');
});

test("a logarithmic axis is marked by powers of ten and leaves out what isn't above 0", async () => {
  const svg = await draw(
    viz.lineChart([{ name: 'y', x: [1, 10, 100, 1000, Number.NaN], y: [1e-6, 1, 0, 1e6, 1] }], {
      title: 'Log',
      xLog: true,
      yLog: true,
    }),
  );
  expect(texts(svg)).toEqual(
    expect.arrayContaining(['1e-6', '1e-4', '1e-2', '1e0', '1e2', '1e4', '1e6', '10', '1000']),
  );
  expect(texts(svg)).toContain('2 of 5 points left out: not finite, or not above 0 on a log axis');
});

test('learning curves have a panel a metric and one legend', async () => {
  const epochs = count(3).map((epoch) => ({
    epoch,
    train: { loss: 1 / epoch },
    validation: { loss: 1.2 / epoch, accuracy: 1 - 0.5 / epoch },
  }));
  const svg = await draw(viz.learningCurves(epochs, { title: 'LeNet-5', subtitle: 'lr 0.001' }));
  const found = texts(svg);
  expect(found).toEqual(expect.arrayContaining(['LeNet-5', 'lr 0.001', 'loss', 'accuracy', 'epoch']));
  expect(found.filter((text) => text === 'validation')).toHaveLength(1);
  expect(marks(svg, 'symbol')).toHaveLength(9);
  const single = await draw(viz.learningCurves([{ epoch: 1, train: { loss: 0.5 } }], { title: 'One' }));
  expect(marks(single, 'symbol')).toHaveLength(1);
});

test('learning curves mark the best epoch', async () => {
  const epochs = count(3).map((epoch) => ({
    epoch,
    train: { loss: 1 / epoch },
    bestEpoch: Math.min(epoch, 2),
  }));
  const figure = viz.learningCurves(epochs, { title: 'Stopped early' });
  const svg = await draw(figure);
  expect(texts(svg)).toContain('best epoch: 2');
  const without = await draw(
    viz.learningCurves(
      epochs.map(({ bestEpoch: _, ...rest }) => rest),
      { title: 'All' },
    ),
  );
  expect(marks(svg, 'rule').length).toBe(marks(without, 'rule').length + 1);
  expect(figure.toText()).toMatch(/^Stopped early\nbest epoch: 2\n/);
});

test('learning curves tell of a loss that turned NaN', async () => {
  const epochs = [1, Number.NaN, Number.NaN].map((loss, i) => ({ epoch: i + 1, train: { loss } }));
  const svg = await draw(viz.learningCurves(epochs, { title: 'Diverged' }));
  expect(texts(svg)).toContain('loss: 2 of 3 points left out: not finite\nloss: diverges: train');
});

test('a scatter plot has a mark a point and a legend of the classes in order', async () => {
  const classes = count(24).map((i) => i % 12);
  const svg = await draw(viz.scatter({ x: count(24), y: count(24), classes }, { title: 'Classes' }));
  expect(marks(svg, 'symbol')).toHaveLength(24);
  const names = texts(svg).filter((text) => /^\d+$/.test(text));
  expect(names.slice(-12)).toEqual(count(12).map((i) => String(i - 1)));
  // Class 10 has the color of class 0, and another shape.
  const [first, eleventh] = [0, 10].map((of) => marks(svg, 'symbol')[classes.indexOf(of)]!.attributes);
  expect(eleventh!.fill).toBe(first!.fill);
  expect(eleventh!.d).not.toBe(first!.d);
  const labels = ['left', 'right'];
  const labeled = await draw(viz.scatter({ x: [1, 2], y: [1, 2], labels }, { title: 'Two' }));
  expect(texts(labeled)).toEqual(expect.arrayContaining(labels));
  const plain = await draw(viz.scatter({ x: [1, Number.NaN], y: [1, 2] }, { title: 'One' }));
  expect(marks(plain, 'symbol')).toHaveLength(1);
  expect(texts(plain)).toContain('1 of 2 points left out: not finite');
});

const moons = { x: [-1, -0.5, 0.5, 1], y: [0, 1, 0, 1], classes: [0, 0, 1, 1] };

test('a decision boundary has the regions as an image under the points', async () => {
  const asked: (readonly number[])[] = [];
  const figure = await viz.decisionBoundary(
    moons,
    (grid) => {
      asked.push(grid.shape);
      return grid.select(1, 0).gt(0).to('int32');
    },
    { title: 'Left and right', resolution: 42 },
  );
  expect(asked).toEqual([[42 * 36, 2]]);
  const svg = await draw(figure);
  expect(marks(svg, 'image')).toHaveLength(1);
  expect(marks(svg, 'image')[0]!.attributes['xlink:href']).toMatch(/^data:image\/png;base64,iVBOR/);
  expect(marks(svg, 'symbol')).toHaveLength(4);
  const named = await viz.decisionBoundary(
    { ...moons, classes: ['dog', 'dog', 'cat', 'cat'] },
    (grid) => grid.select(1, 0).mul(5).sigmoid(),
    { title: 'Probabilities' },
  );
  expect(texts(await draw(named)).slice(-3)).toEqual(expect.arrayContaining(['cat', 'dog']));
});

test('a contour plot has the surface as an image, paths, and their ends', async () => {
  const svg = await draw(
    viz.contour(
      { f: (x, y) => x * x + 20 * y * y, x: [-2, 2], y: [-1, 1] },
      [
        { name: 'SGD', x: [-1.5, -1, -0.5], y: [0.9, -0.5, 0.2] },
        { name: 'Adam', x: [-1.5, -1.2, -0.8], y: [0.9, 0.5, 0.1] },
      ],
      { title: 'A ravine', width: 100, height: 80 },
    ),
  );
  expect(marks(svg, 'image')).toHaveLength(1);
  expect(marks(svg, 'line').filter(({ attributes }) => attributes.d)).toHaveLength(2);
  expect(marks(svg, 'symbol')).toHaveLength(4);
  expect(texts(svg)).toEqual(expect.arrayContaining(['SGD', 'Adam', 'A ravine']));
  // On as many lines as the narrow picture needs.
  expect(texts(svg).join(' ').replaceAll('\n', ' ')).toContain('half as high above the minimum');
});

test('a histogram counts every value once', async () => {
  const values = Float32Array.from([0, 0, 1, 2, 3, 4, 4, Number.NaN]);
  const { spec } = viz.histogram([{ name: 'w', values }], { title: 'W', bins: 4 });
  const { data } = spec as unknown as { data: { values: { count: number; edge: number }[] } };
  expect(data.values.map(({ edge, count }) => [edge, count])).toEqual([
    [0, 2],
    [1, 1],
    [2, 1],
    [3, 3],
    [4, 0],
  ]);
  const svg = await draw(
    viz.histogram(
      [
        { name: 'first', values: [1, 2, 3] },
        { name: 'second', values: [2, 2, 9] },
      ],
      { title: 'Two', xLabel: 'value', yLog: true },
    ),
  );
  expect(texts(svg)).toEqual(expect.arrayContaining(['first', 'second', 'value', 'count']));
  expect(marks(svg, 'area').filter(({ attributes }) => attributes.d)).toHaveLength(2);
});

test('bars stand or lie by the length of their labels, and say their values', async () => {
  const standing = await draw(
    viz.barChart(
      ['train', 'test'].flatMap((group) => [
        { label: 'SGD', value: 0.9, group },
        { label: 'Adam', value: -0.25, group },
      ]),
      { title: 'Groups', xLabel: 'optimizer', yLabel: 'gain' },
    ),
  );
  expect(marks(standing, 'rect')).toHaveLength(4);
  expect(texts(standing)).toEqual(
    expect.arrayContaining(['SGD', 'Adam', 'train', 'test', '0.9', '-0.25', 'gain']),
  );
  const lying = await draw(
    viz.barChart(
      count(9).map((i) => ({ label: `features.${i}.a long name.weight`, value: 10 ** -i })),
      { title: 'Gradients', yLog: true },
    ),
  );
  expect(marks(lying, 'rect')).toHaveLength(9);
  expect(texts(lying)).toEqual(expect.arrayContaining(['features.9.a long name.weight', '1e-9']));
});

test('shares have no marks above 1', async () => {
  const bars = [1, 2, 3, 4, 5].map((i) => ({ label: `${i} names → where each ends`, value: 1 }));
  const numbers = async (options: { most?: number }): Promise<number[]> =>
    texts(await draw(viz.barChart(bars, { title: 'Accuracy', ...options })))
      .filter((text) => /^\d\.\d+$/.test(text))
      .map(Number);
  expect(Math.max(...(await numbers({})))).toBeGreaterThan(1);
  expect(await numbers({ most: 1 })).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(() => viz.barChart(bars, { title: 'Accuracy', most: 'all' as never })).toThrow(
    "barChart: most must be a finite number, got 'all'",
  );
});

test('what stands over a bar can be told, and lies below the frame however low the chart is', async () => {
  const shares = [0.998, 0.0007].map((value, i) => ({ label: String(i), value, text: `${i} of 2` }));
  const low = viz.barChart(shares, { title: 'Low', width: 400, height: 120 });
  expect(texts(await draw(low))).toEqual(expect.arrayContaining(['0 of 2', '1 of 2']));
  expect(low.toText()).toContain('0 of 2 █');
  const { layer } = low.spec as {
    layer: { encoding: { y: { scale: { domain: [number, number] } } } }[];
  };
  const [, most] = layer[0]!.encoding.y.scale.domain;
  expect(120 * (1 - 0.998 / most)).toBeGreaterThan(13);
});

test('a heat map has a cell a value, with its text where it fits', async () => {
  const matrix = [
    [1, -0.5],
    [Number.NaN, 0.25],
    [0, 3],
  ];
  const svg = await draw(
    viz.heatmap(matrix, { title: 'Heat', xNames: ['left', 'right'], yNames: ['a', 'b', 'c'] }),
  );
  expect(marks(svg, 'rect')).toHaveLength(6);
  expect(texts(svg)).toEqual(expect.arrayContaining(['left', 'right', 'a', 'b', 'c', '-0.5', 'NaN', '0.25']));
  expect(texts(svg)).toEqual(
    expect.arrayContaining(['values from -0.5 to 3\n1 of 6 points left out: not finite']),
  );
  const labels = [
    ['a', ''],
    ['wall', ''],
    ['', ''],
  ];
  const labeled = texts(await draw(viz.heatmap(matrix, { title: 'Labels', labels })));
  expect(labeled).toEqual(expect.arrayContaining(['a', 'wall']));
  expect(labeled.some((text) => text.includes('left out'))).toBe(false);
  expect(texts(await draw(viz.heatmap([[Number.NaN]], { title: 'None' }))).join()).toContain(
    'no finite values',
  );
  const wide = await draw(viz.heatmap([count(100)], { title: 'Wide' }));
  expect(marks(wide, 'rect')).toHaveLength(100);
  expect(marks(wide, 'text')).toHaveLength(0);
  const huge = await draw(
    viz.heatmap(
      Array.from({ length: 101 }, () => count(100)),
      { title: 'Huge', yLabel: 'row' },
    ),
  );
  expect([marks(huge, 'image'), texts(huge)]).toMatchObject([
    { length: 1 },
    expect.arrayContaining(['99', 'row']),
  ]);
});

test('a confusion matrix shows counts, shares of the rows and the accuracy', async () => {
  const svg = await draw(
    viz.confusionMatrix(
      [
        [8, 2],
        [0, 5],
      ],
      { title: 'Test set', classes: ['cat', 'dog'] },
    ),
  );
  expect(texts(svg)).toEqual(
    expect.arrayContaining([
      '8\n80.0 %',
      '2\n20.0 %',
      '0',
      '5\n100 %',
      'cat',
      'dog',
      'true class',
      'predicted class',
    ]),
  );
  expect(texts(svg)).toContain('13 of 15 right: 86.67 %');
  const few = viz.confusionMatrix(
    [
      [99999, 1],
      [0, 0],
    ],
    { title: 'Rare' },
  );
  expect(texts(await draw(few))).toEqual(expect.arrayContaining(['99999\n>99.9 %', '1\n<0.1 %']));
  const good = viz.confusionMatrix(
    [
      [997, 13],
      [6, 994],
    ],
    { title: 'Good' },
  );
  expect(texts(await draw(good))).toEqual(expect.arrayContaining(['997\n98.7 %', '994\n99.4 %']));
});

test('an image grid has an image a tensor, labels, and says what black and white are', async () => {
  const { images, labels } = drawnDigits({ train: 7, test: 1 }).train;
  const gray = await draw(
    await viz.imageGrid(tensor(images, [7, 1, 28, 28]), { title: 'Digits', labels: [...labels], columns: 4 }),
  );
  expect(marks(gray, 'image')).toHaveLength(7);
  expect(texts(gray)).toEqual(expect.arrayContaining(['Digits', ...[...labels].map(String)]));
  manualSeed(0);
  const rgb = await draw(await viz.imageGrid(randn([2, 3, 4, 4]), { title: 'Noise' }));
  expect(marks(rgb, 'image')).toHaveLength(2);
  expect(texts(rgb).some((text) => /^values from -\d/.test(text))).toBe(true);
  const unit = await draw(await viz.imageGrid(linspace(0, 1, 4).reshape([1, 1, 2, 2]), { title: 'Unit' }));
  expect(texts(unit).filter((text) => text !== '')).toEqual(['Unit']);
});

test('weights show every parameter and the first filters', async () => {
  manualSeed(0);
  const model = new nn.Sequential(new nn.Conv2d(1, 6, 5), new nn.ReLU(), new nn.Linear(16, 4));
  const svg = await draw(await viz.weights(model, { title: 'LeNet' }));
  expect(marks(svg, 'image')).toHaveLength(6);
  expect(texts(svg)).toEqual(
    expect.arrayContaining(['0.weight as images', '0.weight', '0.bias', '2.weight', '2.bias']),
  );
  const pixels = new nn.Linear(784, 100);
  const mlp = await draw(await viz.weights(pixels, { title: 'MLP' }));
  expect(marks(mlp, 'image')).toHaveLength(64);
  expect(texts(mlp).some((text) => text.startsWith('the first 64 of 100 filters'))).toBe(true);
  const deep = new nn.Sequential(...count(13).map(() => new nn.Linear(2, 2)));
  expect((await viz.weights(deep, { title: 'Deep' })).toText()).toMatch(/^2 of 26 parameters aren't drawn$/m);
});

test('activations show each layer with mean and deviation', async () => {
  const layers: viz.LayerValues[] = [
    { name: 'layer 1', values: tensor([-1, 1]) },
    { name: 'layer 2', values: [0, 0.5, Number.NaN] },
  ];
  const svg = await draw(await viz.activations(layers, { title: 'Depth' }));
  expect(texts(svg)).toEqual(
    expect.arrayContaining(['layer 1', 'layer 2', 'mean 0, dev. 1', 'mean 0.25, dev. 0.25']),
  );
  expect(texts(svg)).toContain('1 of 5 points left out: not finite');
});

test('outputs of layers are those of the innermost modules, and no hook stays behind', async () => {
  manualSeed(0);
  const model = new nn.Sequential(new nn.Sequential(new nn.Linear(2, 3), new nn.Tanh()), new nn.Linear(3, 1));
  const input = randn([5, 2]);
  const layers = viz.layerOutputs(model, input);
  expect(layers.map(({ name }) => name)).toEqual(['0.0 Linear', '0.1 Tanh', '1 Linear']);
  const last = layers[2]!.values as Tensor;
  expect([last.requiresGrad, await last.toArray()]).toEqual([false, await model.forward(input).toArray()]);
  expect(layers).toHaveLength(3);
  expect(viz.layerOutputs(new nn.Linear(2, 1), input)[0]!.name).toBe('Linear');
});

test('panels hold several figures, each with its own legend', async () => {
  const panel = (title: string, names: readonly string[]) =>
    viz.lineChart(
      names.map((name) => ({ name, x: [1, 2], y: [1, 2] })),
      { title },
    );
  const matrix = viz.confusionMatrix([[1]], { title: 'matrix' });
  const svg = await draw(
    viz.panels([panel('left', ['a', 'b']), panel('right', ['b', 'c']), matrix], {
      title: 'Both',
      columns: 2,
    }),
  );
  const found = texts(svg);
  expect(found).toEqual(expect.arrayContaining(['Both', 'left', 'right', 'matrix', 'a', 'b', 'c']));
  expect(found.filter((text) => text === 'b')).toHaveLength(2);
});

test('parallel coordinates have a line a trial, the best one thicker, and marks on each axis', async () => {
  const axes = [
    { name: 'lr', log: true, values: [0.001, 0.01, 0.1, 0.03] },
    { name: 'batch-size', values: [32, 64, 32, 128] },
    { name: 'optimizer', values: ['sgd', 'adam', 'sgd', 'adam'] },
    { name: 'momentum', values: [0.9, '–', 0.5, '–'] },
    { name: 'accuracy', values: [0.91, 0.97, 0.8, Number.NaN] },
  ];
  const color = [0.91, 0.97, 0.8, Number.NaN];
  const svg = await draw(viz.parallelCoordinates(axes, { title: 'Search', color }));
  expect(marks(svg, 'line')).toHaveLength(5);
  const widths = marks(svg, 'line').map(({ attributes }) => Number(attributes['stroke-width']));
  expect(Math.max(...widths)).toBe(6);
  expect(texts(svg)).toEqual(
    expect.arrayContaining(['lr', '0.001', '0.1', '32', '64', '128', 'sgd', 'adam', '–', '0.97', 'accuracy']),
  );
  const loss = viz.parallelCoordinates(axes.slice(0, 1), { title: 'Least', color, best: 'min' });
  expect(loss.toText().split('\n')[2]).toMatch(/^2 /);
});

test('the same data give the same picture, also when several are drawn at once', async () => {
  const make = () => {
    manualSeed(3);
    return viz.contour({ f: (x, y) => x * y, x: [0, 1], y: [0, 1] }, [{ name: 'p', x: [0, 1], y: [0, 1] }], {
      title: 'Same',
      width: 40,
      height: 40,
    });
  };
  const [first, second] = await Promise.all([make().toSvg(), make().toSvg()]);
  expect(second).toBe(first);
  expect(await make().toSvg()).toBe(first);
});

test("a figure that can't be drawn doesn't stop those after it", async () => {
  const broken = new viz.Figure(
    'broken',
    () => ({ mark: 'nothing' }) as never,
    () => '',
  );
  const whole = viz.lineChart([{ name: 'y', x: [1, 2], y: [1, 2] }], { title: 'Whole' });
  const [a, b] = await Promise.allSettled([broken.toSvg(), whole.toSvg()]);
  expect([a.status, b.status]).toEqual(['rejected', 'fulfilled']);
});

test("characters that XML can't hold are left out", async () => {
  const svg = await draw(
    viz.lineChart([{ name: 'y', x: [1, 2], y: [1, 2] }], { title: 'a\u0000b\u001b[31m' }),
  );
  expect(texts(svg)).toContain('ab[31m');
});

test('predict runs without gradients', async () => {
  const weight = tensor([1, -1]).requiresGrad_();
  const seen: Tensor[] = [];
  await viz.decisionBoundary(
    moons,
    (grid) => {
      seen.push(grid.matmul(weight).sigmoid());
      return seen[0]!;
    },
    { title: 'No gradients', resolution: 10 },
  );
  expect(seen[0]!.requiresGrad).toBe(false);
});

test('lines of metrics.jsonl that are of no epoch are left out of the curves', () => {
  const lines: train.MetricsRecord[] = [
    { step: 1, epoch: 1, train: { loss: 2 } },
    { step: 2, epoch: 2, train: { loss: 1 } },
    { step: 2, test: { accuracy: 0.5 } },
  ];
  const figure = viz.learningCurves(lines);
  expect(figure.title).toBe('Learning curves');
  expect(figure.toText()).toBe(
    viz
      .learningCurves([
        { epoch: 1, train: { loss: 2 } },
        { epoch: 2, train: { loss: 1 } },
      ])
      .toText(),
  );
});

test('panels with shareY have one vertical scale for each name', async () => {
  const line = (y: number[]) => viz.lineChart([{ name: 'a', x: [1, 2], y }], { title: 'a' });
  const domains = ({ spec }: viz.Figure): unknown[] =>
    (spec.concat as { layer: { encoding: { y: { scale: { domain: unknown } } } }[] }[]).map(
      ({ layer }) => layer[0]!.encoding.y.scale.domain,
    );
  const charts = [line([1, 2]), line([5, 30])];
  expect(domains(viz.panels(charts, { title: 'apart' }))).toEqual([
    [1, 2],
    [5, 30],
  ]);
  expect(domains(viz.panels(charts, { title: 'shared', shareY: true }))).toEqual([
    [1, 30],
    [1, 30],
  ]);
  const epochs = (loss: number) => viz.learningCurves([{ epoch: 1, train: { loss } }]);
  const shared = viz.panels([epochs(1), epochs(9)], { title: 'curves', shareY: true });
  const inner = (shared.spec.concat as { concat: { layer: { encoding: { y: unknown } }[] }[] }[]).map(
    ({ concat }) => concat[0]!.layer[0]!.encoding.y,
  );
  expect(inner[0]).toEqual(inner[1]);
});

test('the axis of a single epoch has that epoch alone', async () => {
  const { spec } = viz.learningCurves([{ epoch: 7, train: { loss: 1 } }]);
  const [panel] = spec.concat as { layer: { encoding: { x: { scale: { domain: unknown } } } }[] }[];
  expect(panel!.layer[0]!.encoding.x.scale.domain).toEqual([6.5, 7.5]);
});

test('the axis of shares ends at 1, that of other metrics where their values do', async () => {
  const domains = (train: Record<string, number>) =>
    (
      viz.learningCurves([{ epoch: 1, train }]).spec.concat as {
        layer: { encoding: { y: { scale: { domain: [number, number] } } } }[];
      }[]
    ).map(({ layer }) => layer[0]!.encoding.y.scale.domain);
  expect(domains({ loss: 0.8, accuracy: 0.8, top5Accuracy: 1, f1: 0, recall: 90 })).toEqual([
    [0.4, 0.8 + 0.4],
    [0.4, 1],
    [0.5, 1],
    [0, 0.5],
    [45, 135],
  ]);
});

test('a heat map of 60 classes names each of them', async () => {
  const classes = Array.from({ length: 60 }, (_, i) => `class number ${i}`);
  const matrix = classes.map((_, i) => classes.map((_, j) => Number(i === j)));
  const svg = await viz.confusionMatrix(matrix, { title: 'Many', classes }).toSvg();
  for (const name of classes) expect(svg.split(`>${name}<`)).toHaveLength(3);
});

test('a curve takes the color that it is told', async () => {
  const svg = await viz.lineChart([{ name: 'a', x: [1, 2], y: [1, 2], color: 2 }], { title: 'a' }).toSvg();
  expect(svg).toContain('#bd1f01');
});

test('numbers of a linear axis are all written with powers of ten, or none is', async () => {
  const upTo = (most: number) =>
    draw(viz.lineChart([{ name: 'y', x: [0, 1], y: [0, most] }], { title: 'y' })).then(texts);
  expect(await upTo(3e30)).toEqual(expect.arrayContaining(['0', '5e29', '1e30', '1.5e30', '3e30']));
  expect(await upTo(60_000)).toEqual(expect.arrayContaining(['0', '10,000', '60,000']));
  expect(await upTo(4e-5)).toEqual(expect.arrayContaining(['0', '5e-6', '1e-5', '4e-5']));
});

test('no number of a narrow axis is dropped', async () => {
  const svg = await draw(
    viz.lineChart([{ name: 'y', x: [-1, 0, 0.9], y: [0, 1, 0] }], { title: 'y', width: 220 }),
  );
  expect(texts(svg)).toEqual(expect.arrayContaining(['−1.0', '−0.5', '0.0', '0.5', '1.0']));
});

test("a curve that ends in values that aren't finite is said to diverge", async () => {
  const figure = viz.lineChart(
    [
      { name: 'SGD', x: [1, 2, 3], y: [1, 5, Number.POSITIVE_INFINITY] },
      { name: 'gap', x: [1, 2, 3], y: [1, Number.NaN, 2] },
      { name: 'Adam', x: [1], y: [Number.NaN] },
    ],
    { title: 'Loss' },
  );
  expect(texts(await draw(figure))).toContain('3 of 7 points left out: not finite\ndiverges: SGD, Adam');
  expect(figure.toText()).toContain('\ndiverges: SGD, Adam');
});

test('a bar that is left out keeps its name', async () => {
  const bars = [
    { label: 'cat', value: Number.NaN },
    { label: 'dog', value: 2 },
  ];
  expect(texts(await draw(viz.barChart(bars, { title: 'Recall' })))).toEqual(
    expect.arrayContaining(['cat', 'dog', '1 of 2 points left out: not finite']),
  );
});

test("numbers of columns don't run into one another", async () => {
  const matrix = Array.from({ length: 17 }, () => count(17));
  const svg = await draw(viz.heatmap(matrix, { title: '17', width: 240, height: 240 }));
  const turned = [...all(svg)].filter(({ attributes }) => attributes.transform?.includes('rotate('));
  expect(turned.map(({ text }) => text)).toEqual(count(17).map((i) => String(i - 1)));
});

test('a picture of weights with a subtitle says which are left out, too', async () => {
  const model = new nn.Sequential(...Array.from({ length: 13 }, () => new nn.Linear(2, 2)));
  const svg = await draw(await viz.weights(model, { title: 'Deep', subtitle: 'after training' }));
  expect(texts(svg)).toEqual(expect.arrayContaining(["after training\n2 of 26 parameters aren't drawn"]));
});

test('a trial without a value on an axis leaves a gap, and the picture says so', async () => {
  const axes = [
    { name: 'lr', log: true, values: [0, 0.1, 0.2] },
    { name: 'accuracy', values: ['failed', 0.25, 0.75] },
  ];
  const figure = viz.parallelCoordinates(axes, { title: 'Search', color: [Number.NaN, 0.25, 0.75] });
  const missing = "1 of 6 values left out: they don't fit on their axis";
  expect(texts(await draw(figure))).toEqual(expect.arrayContaining([missing, 'failed']));
  expect(figure.toText()).toContain(missing);
});

test("panels of different kinds of scale aren't shared", () => {
  const line = (yLog: boolean) => viz.lineChart([{ name: 'a', x: [1, 2], y: [1, 2] }], { title: 'a', yLog });
  expect(() => viz.panels([line(false), line(true)], { title: 'both', shareY: true })).toThrow(
    'panels: y is logarithmic only in some panels; shareY needs the same kind of scale',
  );
});

test('titles and what is said under them are as wide as the picture', async () => {
  const title = "A title of so many words that it goes on beyond the picture where it isn't divided";
  const line = (options: object) =>
    viz.lineChart([{ name: 'a', x: [1, 2], y: [1, 2] }], { title, subtitle: title, ...options });
  const titleOf = ({ spec }: viz.Figure) => spec.title as { text: string | string[]; subtitle?: string[] };
  const { text, subtitle } = titleOf(line({ width: 300 }));
  expect([text, subtitle]).toEqual([
    ['A title of so many words that it goes on beyond', "the picture where it isn't divided"],
    ['A title of so many words that it goes on beyond the picture where it', "isn't divided"],
  ]);
  expect(titleOf(line({ width: 1000 })).text).toBe(title);
  // A panel has the width that it is drawn with.
  const wide = line({ width: 900, title: `${title}, twice: ${title}` });
  const panels = viz.panels([wide, wide], { title });
  const [panel] = panels.spec.concat as { width: number; title: { text: string[] } }[];
  expect([panel!.width, panel!.title.text.length, titleOf(panels).text]).toEqual([480, 2, title]);
  expect(texts(await draw(line({ width: 300 })))).toContain(
    "A title of so many words that it goes on beyond\nthe picture where it isn't divided",
  );
});

test('a search among many categories has room for their names, or says how many are written', async () => {
  const categories = (n: number) => Array.from({ length: n }, (_, i) => `category ${i}`);
  const drawn = async (n: number, height?: number) => {
    const axes = [
      { name: 'kind', values: categories(n) },
      { name: 'loss', values: count(n) },
    ];
    return draw(viz.parallelCoordinates(axes, { title: 'Many', height }));
  };
  const named = (svg: Awaited<ReturnType<typeof drawn>>): Set<string> =>
    new Set(texts(svg).filter((text) => /^category/.test(text)));
  const sixty = await drawn(60);
  expect(named(sixty)).toEqual(new Set(categories(60)));
  expect(texts(sixty).join()).not.toContain('names written');
  for (const [svg, written] of [
    [await drawn(60, 280), 'kind: 20 of 60 names written'],
    [await drawn(400), 'kind: 100 of 400 names written'],
  ] as const) {
    expect(texts(svg)).toContain(written);
    expect(named(svg).size).toBe(Number(/: (\d+)/.exec(written)![1]));
  }
});

test('small values stand beside large ones', async () => {
  const bars = [1e13, 1, 0.002].map((value, i) => ({ label: 'abc'[i]!, value }));
  expect(texts(await draw(viz.barChart(bars, { title: 'Bars' })))).toEqual(
    expect.arrayContaining(['1e13', '1e0', '2e-3']),
  );
  const cells = viz.heatmap([[1e6, 0.002]], { title: 'Cells' });
  expect(texts(await draw(cells))).toEqual(expect.arrayContaining(['1e6', '2e-3']));
  expect(cells.toText()).toContain('2e-3');
});

test('a logarithmic axis of little range has several marks', async () => {
  const line = viz.lineChart([{ name: 'a', x: [1, 2], y: [0.24, 0.69] }], { title: 'Loss', yLog: true });
  expect(texts(await draw(line))).toEqual(expect.arrayContaining(['0.3', '0.4', '0.5', '0.6']));
  const narrow = viz.lineChart([{ name: 'a', x: [1, 2], y: [2.301, 2.304] }], { title: 'Loss', yLog: true });
  expect(texts(await draw(narrow))).toEqual(expect.arrayContaining(['2.301', '2.302', '2.303', '2.304']));
});

test('pictures of one value or one curve say what it is', async () => {
  expect(texts(await draw(viz.heatmap([[0.04, 0.04]], { title: 'Blur' })))).toContain('all values 0.04');
  const curves = viz.learningCurves([{ epoch: 1, train: { loss: 2 } }]);
  expect(texts(await draw(curves))).toContain('loss (train)');
  expect(curves.toText()).toContain('loss (train)');
});
