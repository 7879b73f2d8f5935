// The native engine with AddressSanitizer and UndefinedBehaviorSanitizer.
import { spawnSync } from 'node:child_process';
import { buildNative } from './build/native.mjs';

/** Builds it for the set that MYELIN_ISA names, else the best. @returns the environment of a process that uses it */
export async function sanitizedEnvironment() {
  const file = await buildNative(process.env.MYELIN_ISA ? [process.env.MYELIN_ISA] : null, {
    sanitize: true,
  });
  // The sanitizer has to be in the process from its start, and node doesn't bring it.
  const compiler = process.env.CXX ?? 'g++';
  const runtime = spawnSync(compiler, ['-print-file-name=libasan.so'], { encoding: 'utf8' }).stdout.trim();
  return {
    LD_PRELOAD: runtime,
    ASAN_OPTIONS: 'detect_leaks=0:abort_on_error=0:allocator_may_return_null=1:max_allocation_size_mb=2048',
    UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
    MYELIN_ADDON: file,
  };
}
