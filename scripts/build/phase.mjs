// One line for each phase of a build: what is done, how far it is (on a terminal), and how long it took.

/**
 * Runs `work` and shows a line about it; `work` gets a function to call as (done, total).
 *
 * @template T
 * @param {string} title
 * @param {(progress: (done: number, total: number) => void) => Promise<T> | T} work
 * @returns {Promise<T>}
 */
export async function phase(title, work, out = process.stdout) {
  const start = performance.now();
  const show = (text) => out.write(out.isTTY ? `\r\x1b[K${text}` : text);
  const line = `${title} …`;
  show(line);
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  try {
    const result = await work((done, total) => out.isTTY && show(`${line} ${done}/${total}`));
    out.write(out.isTTY ? `\r\x1b[K${line} ${seconds()}\n` : ` ${seconds()}\n`);
    return result;
  } catch (error) {
    out.write(out.isTTY ? `\r\x1b[K${line} failed\n` : ' failed\n');
    throw error;
  }
}

export const plural = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;
