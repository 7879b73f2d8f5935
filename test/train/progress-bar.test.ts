import { afterEach, expect, test, vi } from 'vitest';
import { type EpochReport, type Progress, progressBar, type Training } from '../../src/train/index.js';
import { barLine, describeValues } from '../../src/train/progress-bar.js';

afterEach(() => vi.restoreAllMocks());

const training: Training = { step: 0, state: () => null, stop: () => {} };
const progress = (step: number): Progress => ({
  epoch: 2,
  epochs: 10,
  stepInEpoch: step - 100,
  stepsPerEpoch: 100,
  step,
  samplesPerSecond: 12345.6,
  values: { loss: 0.5 },
  means: { loss: 0.25, accuracy: 0.9876, rounds: 12, error: 1.5e-5 },
});
const report: EpochReport = {
  epoch: 2,
  epochs: 10,
  step: 200,
  seconds: 83.21,
  samplesPerSecond: 987.6,
  train: { loss: 0.25, accuracy: 0.9876 },
  validation: { loss: 0.5 },
  learningRates: { lr: 0.1 },
  best: true,
};

/** What is printed where the output isn't a terminal. */
function printed(): string[] {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  return lines;
}

test('elsewhere than on a terminal: a line an epoch', () => {
  const lines = printed();
  const display = progressBar();
  display.onStart?.(progress(100), training);
  display.onStep?.(progress(101), training);
  display.onEpochEnd?.(report, training);
  expect(lines).toEqual([
    'epoch  2/10  loss 0.2500  accuracy 98.76 %  validation loss 0.5000  83.2 s  988 samples/s',
  ]);
});

test('early stopping is said, with the best epoch', () => {
  const lines = printed();
  progressBar().onEpochEnd?.({ ...report, stopsEarly: true, bestEpoch: 1 }, training);
  expect(lines[0]).toMatch(/samples\/s\nstopped early: epoch 1 was the best$/);
});

test('and a line whenever it was silent for long, with the time left', () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  const lines = printed();
  const display = progressBar();
  display.onStart?.(progress(100), training);
  clock.mockReturnValue(9_000);
  display.onStep?.(progress(109), training);
  expect(lines).toEqual([]);
  clock.mockReturnValue(10_000);
  display.onStep?.(progress(110), training);
  clock.mockReturnValue(11_000);
  display.onStep?.(progress(111), training);
  expect(lines).toEqual([
    'epoch 2/10  step 10/100  loss 0.2500  accuracy 98.76 %  rounds 12  error 1.5e-5  12,346 samples/s  14:50 left',
  ]);
  clock.mockReturnValue(1_000_000);
  display.onStep?.(progress(200), training);
  expect(lines[1]).toMatch(/ 2:13:20 left$/);
});

test('on a narrow terminal the bar leaves out what matters least, and never wraps', () => {
  const parts = {
    epoch: 'epoch 3/10',
    share: 0.456,
    speed: '12,346 samples/s',
    left: '14:50 left',
    means: 'loss 0.2500  accuracy 98.76 %',
  };
  expect(barLine(parts, 120)).toBe(
    'epoch 3/10 ███████████░░░░░░░░░░░░░ 45 %  12,346 samples/s  14:50 left  loss 0.2500  accuracy 98.76 %',
  );
  expect(barLine(parts, 80)).toBe('epoch 3/10 █████░░░░░ 45 %  14:50 left  loss 0.2500  accuracy 98.76 %');
  expect(barLine(parts, 40)).toBe('epoch 3/10 45 %  14:50 left');
  expect(barLine(parts, 12)).toBe('45 %');
  for (let columns = 1; columns < 130; columns++)
    expect(barLine(parts, columns).length).toBeLessThan(columns);
});

test('names of values are shown in words', () => {
  expect(describeValues({ trainAccuracy: 0.5, gradientRatio: 0.25, f1: 0.125 })).toBe(
    'train accuracy 50.00 %  gradient ratio 0.2500  f1 0.1250',
  );
});
