import type { EngineName } from '../src/engine/engines.js';

/** The engines that the suite runs on; `MYELIN_TEST_ENGINES=native` picks some. */
export const testEngines = (process.env.MYELIN_TEST_ENGINES ?? 'native,wasm').split(
  ',',
) as readonly EngineName[];
