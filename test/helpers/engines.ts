import type { EngineName } from '../../src/core/engine-names.js';
import { loadEngine } from '../../src/engine/registry.js';

/** The engines that the suite runs on; `MYELIN_TEST_ENGINES=native` picks some. */
export const testEngines = (process.env.MYELIN_TEST_ENGINES ?? 'native,wasm').split(
  ',',
) as readonly EngineName[];

/** These, and the one that is written to be read: what every engine has to do. */
export const allEngines: readonly EngineName[] = process.env.MYELIN_TEST_ENGINES
  ? testEngines
  : [...testEngines, 'reference'];

// It's loaded on request; once it is, setEngine takes effect at once.
await loadEngine('reference');
