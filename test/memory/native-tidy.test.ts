import { test } from 'vitest';
import { tidy } from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';
import { lenetStep } from './lenet.js';
import { expectFlatLoop, patient } from './watch.js';

test.runIf(testEngines.includes('native'))('tidy makes it tighter', patient, () => {
  const step = lenetStep('native');
  expectFlatLoop('native, tidy', 1.15, () => tidy(() => void step()));
});
