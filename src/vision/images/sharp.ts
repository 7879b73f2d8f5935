import type { Sharp, SharpOptions } from 'sharp';
import { MissingPackageError } from '../../core/errors.js';

type MakeSharp = (input: Uint8Array, options: SharpOptions) => Sharp;

/**
 * The library that decodes and encodes images, loaded when the first image needs it.
 *
 * @throws MissingPackageError if it isn't installed, or has no build for this machine
 */
export async function loadSharp(operation: string): Promise<MakeSharp> {
  try {
    return (await import('sharp')).default;
  } catch (cause) {
    throw new MissingPackageError(operation, 'sharp', cause);
  }
}
