import { expect, test } from 'vitest';
import { full, setEngine, setThreads, type Tensor } from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';

test.runIf(testEngines.includes('wasm'))('workers write to memory that was just added', async () => {
  await setEngine('wasm');
  setThreads(2);
  const x = full([1024, 1024], 3);
  const kept: Tensor[] = [];
  for (let i = 0; i < 100; i++) kept.push(x.clone()); // 400 MB
  for (const y of kept) expect(await y.sum().item()).toBe(3 * 2 ** 20);
  for (const y of kept) y.dispose();
});
