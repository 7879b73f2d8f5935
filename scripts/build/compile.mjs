// Compiles what the cache lacks, as many sources at a time as there are compilers, the largest first.

/**
 * @typedef {object} Job
 * @property {string} object its name in the cache
 * @property {string} name the source, relative to kernels/
 * @property {string[]} flags
 * @property {[string, string][]} files the source and all that it includes
 *
 * @typedef {(job: Job, file: string) => Promise<{ ok: boolean, log: string }>} Compiler writes the object to `file`
 */

/** A build that failed; the message says what, `log` what the compiler said. */
export class BuildError extends Error {
  constructor(message, log = '') {
    super(message);
    this.log = log;
  }
}

/** The jobs whose objects are missing, each object once. */
export const missing = (cache, jobs) => [
  ...new Map(jobs.filter(({ object }) => !cache.has(object)).map((job) => [job.object, job])).values(),
];

/**
 * @param {Job[]} jobs
 * @param {Compiler[]} compilers
 * @param {(done: number, total: number) => void} progress
 * @throws {BuildError} if one doesn't compile
 */
export async function compileAll(cache, jobs, compilers, progress) {
  const size = ({ name, files }) => files.find(([file]) => file === name)[1].length;
  const waiting = jobs.toSorted((a, b) => size(b) - size(a));
  let done = 0;
  const work = async (compiler) => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      const { name, object } = job;
      await cache.add(object, async (file) => {
        const { ok, log } = await compiler(job, file);
        if (!ok) {
          waiting.length = 0;
          throw new BuildError(`${name} doesn't compile`, log);
        }
        if (log) process.stderr.write(log);
      });
      progress(++done, jobs.length);
    }
  };
  await Promise.all(compilers.map(work));
}
