// What most kernels include from the compiler and its library, parsed once for all of them: the intrinsics alone take
// longer to parse than many a kernel takes to compile.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const text = `#include <cmath>
#if defined(__AVX2__)
#include <immintrin.h>
#endif
`;
/** With fewer sources, parsing pays less than it costs. */
const worthwhile = 8;

/**
 * Runs `work` with a function that gives the flags by which a job of `jobs` finds the parsed headers.
 *
 * @param {{ flags: string[] }[]} jobs
 * @param {(args: string[]) => Promise<unknown>} compile runs the compiler
 * @param {(flagsFor: (job: { flags: string[] }) => string[]) => Promise<void>} work
 */
export async function withSharedHeaders(jobs, compile, work) {
  const folder = mkdtempSync(path.join(tmpdir(), 'myelin-'));
  try {
    const keyOf = ({ flags }) => flags.join(' ');
    const headers = new Map();
    for (const job of jobs) {
      const key = keyOf(job);
      if (headers.has(key) || jobs.filter((other) => keyOf(other) === key).length < worthwhile) continue;
      const header = path.join(folder, `${headers.size}.h`);
      headers.set(key, header);
      writeFileSync(header, text);
      await compile([...job.flags, '-x', 'c++-header', header, '-o', `${header}.gch`]);
    }
    await work((job) => (headers.has(keyOf(job)) ? ['-include', headers.get(keyOf(job))] : []));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
