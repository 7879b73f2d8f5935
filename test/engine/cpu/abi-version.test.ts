/** Kernels that were built from other sources say so when their engine starts. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';

const message = (engine: string): string =>
  `${engine}: the ${engine} kernels were built from other sources\n  hint: run \`npm run build:${engine}\`, or install myelin again`;

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

test.each([
  ['without a version', '{}'],
  ['with another version', '{ abiVersion: 1 }'],
])('an addon %s', async (_, addon) => {
  const folder = mkdtempSync(join(tmpdir(), 'myelin-abi-'));
  try {
    writeFileSync(join(folder, 'old.cjs'), `module.exports = ${addon};`);
    vi.stubEnv('MYELIN_ADDON', join(folder, 'old.cjs'));
    vi.resetModules();
    const { createNativeEngine } = await import('../../../src/engine/cpu/native.js');
    const { EngineError } = await import('../../../src/core/errors.js');
    expect(() => createNativeEngine(1)).toThrow(message('native'));
    expect(() => createNativeEngine(1)).toThrow(EngineError);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a WebAssembly module', async () => {
  const { requireAbi } = await import('../../../src/engine/cpu/abi-version.js');
  const { abiVersion } = await import('../../../src/engine/cpu/abi.js');
  expect(() => requireAbi('wasm', undefined)).toThrow(message('wasm'));
  expect(() => requireAbi('wasm', abiVersion + 1)).toThrow(message('wasm'));
  requireAbi('wasm', abiVersion);
});
