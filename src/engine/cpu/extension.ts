import type { Engine } from '../engine.js';
import type { CpuContext } from './context.js';

const contexts = new WeakMap<Engine, CpuContext>();

/** Lets rooms add kernels to an engine of CPUs. */
export const openForExtension = (engine: Engine, cpu: CpuContext): void => {
  contexts.set(engine, cpu);
};

/**
 * Kernels of a room that only it calls: what `make` makes of those in `kernels/`, once an engine; null on an engine
 * that isn't of CPUs.
 */
export function extension<Kernels extends object>(
  make: (cpu: CpuContext) => Kernels,
): (engine: Engine) => Kernels | null {
  const made = new WeakMap<Engine, Kernels>();
  return (engine) => {
    const known = made.get(engine);
    if (known !== undefined) return known;
    const cpu = contexts.get(engine);
    if (cpu === undefined) return null;
    const kernels = make(cpu);
    made.set(engine, kernels);
    return kernels;
  };
}
