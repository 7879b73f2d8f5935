import { onWarning, type Warning } from 'myelin';
import { expect, test, vi } from 'vitest';
import { warnOnce } from '../../src/core/warn.js';

test('a program can take the warnings over; each comes once', () => {
  const seen: Warning[] = [];
  const before = onWarning((warning) => seen.push(warning));
  warnOnce('mseLoss', 'shapes differ');
  warnOnce('mseLoss', 'shapes differ');
  warnOnce('l1Loss', 'shapes differ');
  expect(seen).toEqual([
    { operation: 'mseLoss', message: 'shapes differ' },
    { operation: 'l1Loss', message: 'shapes differ' },
  ]);
  onWarning(before);
});

test('without a handler they go to console.warn', () => {
  onWarning(null);
  const print = vi.spyOn(console, 'warn').mockImplementation(() => {});
  warnOnce('mseLoss', 'shapes differ');
  expect(print).toHaveBeenCalledWith('myelin: mseLoss: shapes differ');
  print.mockRestore();
});
