import type { Sharp, SharpOptions } from 'sharp';
import { EngineError } from '../../core/errors.js';

type MakeSharp = (input: Uint8Array, options: SharpOptions) => Sharp;

let loaded: Promise<MakeSharp> | undefined;

/**
 * The library that decodes and encodes images, loaded when the first image needs it.
 *
 * @throws EngineError where it is not installed, or has no build for this machine
 */
export function loadSharp(operation: string): Promise<MakeSharp> {
  loaded ??= import('sharp').then(
    (module) => module.default,
    (cause: unknown) => {
      loaded = undefined;
      const error = new EngineError(
        operation,
        `the package sharp, which decodes and encodes images, cannot be loaded (${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)}); npm install sharp brings it`,
      );
      error.cause = cause;
      throw error;
    },
  );
  return loaded;
}
