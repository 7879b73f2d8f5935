import { expect, test } from 'vitest';
import { zeros } from '../../src/index.js';
import * as nn from '../../src/nn/index.js';
import * as viz from '../../src/viz/index.js';

const title = 'A picture';

test('nothing to draw is an error', async () => {
  const none = /^(\w+): there are no (\w+) to draw$/;
  const empty = { name: 'loss', x: [], y: [] };
  expect(() => viz.lineChart([], { title })).toThrow('lineChart: there are no series to draw');
  expect(() => viz.lineChart([empty], { title })).toThrow('lineChart: there are no values to draw');
  expect(() => viz.learningCurves([], { title })).toThrow('learningCurves: there are no epochs to draw');
  expect(() => viz.learningCurves([{ epoch: 1, train: {} }], { title })).toThrow(
    'learningCurves: there are no metrics to draw',
  );
  expect(() => viz.scatter({ x: [], y: [] }, { title })).toThrow('scatter: there are no points to draw');
  expect(() => viz.histogram([], { title })).toThrow(none);
  expect(() => viz.histogram([{ name: 'w', values: [] }], { title })).toThrow(
    'histogram: there are no values to draw',
  );
  expect(() => viz.barChart([], { title })).toThrow('barChart: there are no bars to draw');
  expect(() => viz.heatmap([], { title })).toThrow('heatmap: there are no values to draw');
  expect(() => viz.confusionMatrix([[]], { title })).toThrow('confusionMatrix: there are no values to draw');
  expect(() => viz.panels([], { title })).toThrow('panels: there are no figures to draw');
  expect(() => viz.parallelCoordinates([], { title })).toThrow(
    'parallelCoordinates: there are no axes to draw',
  );
  expect(() => viz.parallelCoordinates([{ name: 'lr', values: [] }], { title })).toThrow(
    'parallelCoordinates: there are no lines to draw',
  );
  await expect(viz.imageGrid(zeros([0, 1, 2, 2]), { title })).rejects.toThrow(
    'imageGrid: there are no images to draw',
  );
  await expect(viz.weights(new nn.ReLU(), { title })).rejects.toThrow(
    'weights: there are no parameters to draw',
  );
  await expect(viz.activations([], { title })).rejects.toThrow('activations: there are no layers to draw');
  await expect(
    viz.activations([{ name: 'fc1', values: [Number.NaN] }], { title, xLog: true }),
  ).rejects.toThrow("activations: 'fc1' has no finite values above 0 to draw");
});

test('lists that differ in length are an error', () => {
  expect(() => viz.lineChart([{ name: 'loss', x: [1, 2], y: [1] }], { title })).toThrow(
    "lineChart: y of 'loss' has 1 value, x of 'loss' has 2",
  );
  expect(() => viz.scatter({ x: [1], y: [1], classes: ['a', 'b'] }, { title })).toThrow(
    'scatter: classes has 2 values, x has 1',
  );
  expect(() => viz.heatmap([[1, 2], [3]], { title })).toThrow('heatmap: row 1 has 1 value, row 0 has 2');
  expect(() => viz.heatmap([[1, 2]], { title, xNames: ['a'] })).toThrow(
    'heatmap: xNames has 1 value, a row has 2',
  );
  expect(() => viz.heatmap([[1, 2]], { title, labels: [] })).toThrow(
    'heatmap: labels has 0 values, the matrix has 1',
  );
  expect(() => viz.heatmap([[1, 2]], { title, labels: [['a']] })).toThrow(
    'heatmap: a row of labels has 1 value, a row has 2',
  );
  expect(() =>
    viz.parallelCoordinates(
      [
        { name: 'lr', values: [1, 2] },
        { name: 'loss', values: [1] },
      ],
      { title },
    ),
  ).toThrow('parallelCoordinates: loss has 1 value, lr has 2');
});

test('a confusion matrix is square, has counts, and a name a class', () => {
  expect(() => viz.confusionMatrix([[1, 2]], { title })).toThrow(
    'confusionMatrix: needs one row and one column per class, got 1 row and 2 columns',
  );
  expect(() => viz.confusionMatrix([[-1]], { title })).toThrow(
    "confusionMatrix: -1 isn't a number of examples",
  );
  expect(() => viz.confusionMatrix([[1]], { title, classes: ['a', 'b'] })).toThrow(
    'confusionMatrix: got 2 names for 1 class',
  );
});

test('images have the axes (N, C, H, W), one or three channels, and labels that fit', async () => {
  const two = zeros([2, 1, 2, 2]);
  await expect(viz.imageGrid(zeros([2, 2]), { title })).rejects.toThrow(
    'imageGrid: images have one channel (gray) or three (red, green, blue)\n  images  (N, C, H, W)  [2, 2]',
  );
  await expect(viz.imageGrid(zeros([5, 28, 28]), { title })).rejects.toThrow(
    'hint: for one channel, use images.unsqueeze(1); for a single image, images.unsqueeze(0)',
  );
  await expect(viz.imageGrid(zeros([1, 3, 2, 2]), { title, signed: true })).rejects.toThrow(
    'imageGrid: signed images have one channel',
  );
  await expect(viz.imageGrid(two, { title, labels: ['a'] })).rejects.toThrow(
    'imageGrid: got 1 label for 2 images',
  );
  await expect(viz.imageGrid(two, { title, columns: 0 })).rejects.toThrow(
    'imageGrid: columns must be a whole number of at least 1, got 0',
  );
  await expect(viz.imageGrid(two, { title, range: [1, 1] })).rejects.toThrow(
    "imageGrid: from 1 to 1 isn't a range",
  );
});

test('a decision boundary needs a finite class or probability for each point of the grid', async () => {
  const points = { x: [0, 1, 2], y: [0, 1, 2], classes: ['a', 'b', 'c'] };
  await expect(viz.decisionBoundary(points, () => zeros([3]), { title, resolution: 7 })).rejects.toThrow(
    'decisionBoundary: predict must give one class or probability per point\n  grid    (G, 2)  [42, 2]\n' +
      '  result  (G)     [3]      expected [42]\n  hint: from logits, take logits.argmax(1)',
  );
  await expect(
    viz.decisionBoundary(points, (grid) => grid.select(1, 0).mul(Number.NaN), { title }),
  ).rejects.toThrow("decisionBoundary: predict gave values that aren't finite");
  await expect(
    viz.decisionBoundary(points, (grid) => grid.select(1, 0).sigmoid(), { title }),
  ).rejects.toThrow(
    'decisionBoundary: predict gave probabilities, but there are 3 classes; give class numbers',
  );
  await expect(
    viz.decisionBoundary(points, (grid) => grid.select(1, 0).mul(0).add(-1.5), { title }),
  ).rejects.toThrow(
    'decisionBoundary: predict gave -1.5, which is neither a class nor a probability; take the sigmoid of a logit',
  );
  await expect(
    viz.decisionBoundary(points, (grid) => grid.select(1, 0).mul(0).add(3), { title }),
  ).rejects.toThrow('decisionBoundary: predict gave class 3, but there are 3 class names, counted from 0');
  await expect(
    viz.decisionBoundary(points, (grid) => grid.select(1, 0), { title, resolution: 1.5 }),
  ).rejects.toThrow('decisionBoundary: resolution must be a whole number from 2 to 4000, got 1.5');
});

test('a surface has an area and is finite somewhere', () => {
  const f = (x: number): number => x;
  expect(() => viz.contour({ f, x: [1, 1], y: [0, 1] }, [], { title })).toThrow(
    "contour: x from 1 to 1 isn't a range",
  );
  expect(() =>
    viz.contour({ f: () => Number.NaN, x: [0, 1], y: [0, 1] }, [], { title, width: 9, height: 9 }),
  ).toThrow("contour: the function isn't finite anywhere in this part of the plane");
  expect(() => viz.contour({ f, x: [0, 1], y: [0, 1] }, [{ name: 'SGD', x: [0], y: [] }], { title })).toThrow(
    "contour: y of 'SGD' has 0 values, x of 'SGD' has 1",
  );
});

test('numbers of bins and columns are whole and above 0', () => {
  for (const bins of [0, 2 ** 31 - 1])
    expect(() => viz.histogram([{ name: 'w', values: [1] }], { title, bins })).toThrow(
      `histogram: bins must be a whole number from 1 to 10000, got ${bins}`,
    );
  const figure = viz.barChart([{ label: 'a', value: 1 }], { title });
  expect(() => viz.panels([figure], { title, columns: 1.5 })).toThrow(
    'panels: columns must be a whole number of at least 1, got 1.5',
  );
});
