export { count, counts, perAxis, type Size } from '../core/sizes.js';

/** `kernelSize=[3, 3], stride=1`: options as the printed form of a module shows them. */
export const show = (options: Readonly<Record<string, unknown>>): string =>
  Object.entries(options)
    .map(([name, value]) => `${name}=${Array.isArray(value) ? `[${value.join(', ')}]` : String(value)}`)
    .join(', ');
