import type { Engine, Families } from '../../src/engine/engine.js';

/** Runs `work` on an engine with these families in place of its own. */
export function withFamilies<R>(engine: Engine, fused: Families, work: () => R): R {
  const changed = engine as { fused: Families };
  const own = engine.fused;
  changed.fused = fused;
  try {
    return work();
  } finally {
    changed.fused = own;
  }
}

/** The same families, whose kernels tell when they're called, and for which slope or loss. */
export const watched = (families: Families, called: Set<string>): Families =>
  Object.fromEntries(
    Object.entries(families).map(([family, kernels]) => [
      family,
      Object.fromEntries(
        Object.entries(kernels as Record<string, (...xs: unknown[]) => unknown>).map(([name, kernel]) => [
          name,
          (...xs: unknown[]) => {
            called.add(`${family}.${name}`);
            if (typeof xs[0] === 'string') called.add(xs[0]);
            return kernel(...xs);
          },
        ]),
      ),
    ]),
  ) as unknown as Families;
