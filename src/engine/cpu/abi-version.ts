import { EngineError } from '../../core/errors.js';
import { abiVersion } from './abi.js';

/**
 * Compiled kernels must have the signatures and codes by which they're called: others would fail somewhere deep inside,
 * or compute something else.
 *
 * @param built the version that the kernels were built with; undefined in those that have none
 * @throws EngineError if it's another one
 */
export function requireAbi(engine: 'native' | 'wasm', built: number | undefined): void {
  if (built !== abiVersion)
    throw new EngineError(
      engine,
      `the ${engine} kernels were built from other sources\n  hint: run \`npm run build:${engine}\`, or install myelin again`,
    );
}
