import { test } from 'vitest';
import { testEngines } from '../helpers/engines.js';
import { lenetStep } from './lenet.js';
import { expectFlatLoop, patient } from './watch.js';

test.runIf(testEngines.includes('native'))(
  'a synchronous loop that frees nothing stays flat',
  patient,
  () => {
    expectFlatLoop('native, synchronous', 1.3, lenetStep('native'));
  },
);
