import type { Engine } from '../engine.js';
import type { CpuContext } from './context.js';

const contexts = new WeakMap<Engine, CpuContext>();

/** Lets rooms add kernels to a CPU engine. */
export const openForExtension = (engine: Engine, cpu: CpuContext): void => {
  contexts.set(engine, cpu);
};

/**
 * A room's own kernels: what `make` returns for those in `kernels/`, made once per engine; null on an engine
 * that isn't a CPU engine.
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
