import { host } from '#host';
import { HostError } from '../../core/errors.js';
import type { MakeSharp } from '../../host/packages.js';

/**
 * The library that decodes and encodes images, loaded when the first image needs it.
 *
 * @param instead what to do in a browser, for the error
 * @throws HostError in a browser
 * @throws MissingPackageError if it isn't installed, or has no build for this machine
 */
export async function loadSharp(operation: string, instead: string): Promise<MakeSharp> {
  if (host.packages === null) throw new HostError(operation, instead);
  return host.packages.sharp(operation);
}
