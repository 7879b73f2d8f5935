import { expect, test } from 'vitest';
import { percent, percentDone } from '../../src/core/percent.js';

test('a share has the decimals that are asked for', () => {
  expect(percent(0.984)).toBe('98.4 %');
  expect(percent(0.8765, 2)).toBe('87.65 %');
  expect(percent(1, 0)).toBe('100 %');
});

test('a share that is rounded to 0 has no sign', () => {
  expect(percent(-0.0001)).toBe('0.0 %');
  expect(percent(-0.001)).toBe('-0.1 %');
});

test('work that is not finished is never at 100 %', () => {
  expect(percentDone(0)).toBe('0 %');
  expect(percentDone(0.999)).toBe('99 %');
  expect(percentDone(0.305)).toBe('30 %');
  expect(percentDone(1)).toBe('100 %');
});
