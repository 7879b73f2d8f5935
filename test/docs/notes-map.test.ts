/** docs/notes-map.md names what exists, and says right where the notes compute otherwise. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as data from '../../src/data/index.js';
import * as F from '../../src/functional.js';
import { tensor } from '../../src/index.js';
import * as metrics from '../../src/metrics/index.js';
import * as nn from '../../src/nn/index.js';
import * as optim from '../../src/optim/index.js';
import { recipes } from '../../src/recipes/index.js';
import * as text from '../../src/text/index.js';
import * as train from '../../src/train/index.js';
import * as vision from '../../src/vision/index.js';
import * as viz from '../../src/viz/index.js';

const map = readFileSync(new URL('../../docs/notes-map.md', import.meta.url), 'utf8');
const rows = [...map.matchAll(/^\| (\d\.\d+) \|(.*)\|(.*)\|(.*)\|$/gm)].map(
  ([, section, what, run, use]) => ({
    section: section!,
    what: what!,
    run: run!,
    use: use!,
  }),
);
const words = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, word]) => word!);

test('every section of chapters 1 to 3 has its row', () => {
  const sections = [
    ...Array.from({ length: 3 }, (_, i) => `1.${i + 1}`),
    ...Array.from({ length: 12 }, (_, i) => `2.${i + 1}`),
    ...Array.from({ length: 11 }, (_, i) => `3.${i + 1}`),
  ];
  const own = rows.filter(({ section }) => /^[123]\./.test(section));
  expect([...new Set(own.map((row) => row.section))]).toEqual(sections);
});

test('what is to be run and used is there, and every recipe is named', () => {
  const names = recipes.map((recipe) => recipe.name);
  const commands = rows.flatMap(({ run }) => words(run)).filter((word) => !word.startsWith('myelin'));
  const named = commands.map((command) => command.split(' ')[0]!);
  expect(named.filter((name) => !names.includes(name))).toEqual([]);
  expect(names.filter((name) => !named.includes(name))).toEqual([]);

  const rooms: Record<string, object> = {
    F,
    data,
    metrics,
    nn,
    optim,
    text,
    train,
    transforms: vision.transforms,
    vision,
    viz,
  };
  const missing = rows
    .flatMap(({ use }) => words(use))
    .filter((path) => {
      const [room, name] = path.split('.');
      return !(name! in rooms[room!]!);
    });
  expect(missing).toEqual([]);
});

test('figures 2.14 and 2.15: one term and all three, bits and nats', () => {
  const predicted = tensor([0.01, 0.97, 0.02]);
  const truth = tensor([1, 0, 0]);
  expect(predicted.sub(truth).square().select(0, 0).itemSync()).toBeCloseTo(0.98, 2);
  expect(F.mseLoss(predicted, truth).itemSync()).toBeCloseTo(0.64, 3);
  const nats = F.crossEntropy(predicted.log().unsqueeze(0), tensor([0], { dtype: 'int32' })).itemSync();
  expect(nats).toBeCloseTo(4.61, 2);
  expect(nats / Math.LN2).toBeCloseTo(6.64, 2);
});
