import { test } from 'vitest';
import { tidy } from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';
import { lenetStep } from './lenet.js';
import { expectFlatLoop, patient } from './watch.js';

test.runIf(testEngines.includes('wasm'))('tidy makes it tighter, without an await', patient, () => {
  const step = lenetStep('wasm');
  expectFlatLoop('wasm, tidy', 1.15, () => tidy(() => void step()));
});
