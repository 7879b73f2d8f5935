import { expect, test, vi } from 'vitest';
import type { RecipeEvent } from '../../../../src/recipes/index.js';
import { loadImageSet } from '../../../../src/recipes/kit/images/sets.js';
import { withoutData } from '../../../helpers/no-data.js';
import { listener } from '../../said.js';

withoutData();

test('without a network, each mirror is tried once', async () => {
  vi.stubEnv('MYELIN_OFFLINE', '');
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed')));
  try {
    const { said, onEvent } = listener();
    const set = await loadImageSet('mnist', {
      options: { seed: 0 },
      emit: async (event: RecipeEvent) => onEvent(event),
    });
    expect(set.train.length).toBe(20_000);
    const tried = said.filter((line) => line.startsWith('download'));
    expect(tried.length).toBeGreaterThan(0);
    expect(new Set(tried).size).toBe(tried.length);
  } finally {
    vi.unstubAllGlobals();
  }
});
