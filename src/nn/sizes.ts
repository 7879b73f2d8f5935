export { count, counts, perAxis, type Size } from '../core/sizes.js';

/** `kernelSize=[3, 3], stride=1`: options as shown when a module is printed. */
export const show = (options: Readonly<Record<string, unknown>>): string =>
  Object.entries(options)
    .map(([name, value]) => `${name}=${Array.isArray(value) ? `[${value.join(', ')}]` : String(value)}`)
    .join(', ');
