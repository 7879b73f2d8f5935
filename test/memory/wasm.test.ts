import { test } from 'vitest';
import { testEngines } from '../helpers/engines.js';
import { lenetStep } from './lenet.js';
import { expectFlatAsyncLoop, patient } from './watch.js';

test.runIf(testEngines.includes('wasm'))('a loop with one await a step stays flat', patient, async () => {
  const step = lenetStep('wasm');
  await expectFlatAsyncLoop('wasm, one await a step', 1.3, () => step().item());
});
