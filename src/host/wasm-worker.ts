/** What a worker works in. */
export interface WorkerPlace {
  readonly id: number;
  /** The upper end of its stack. */
  readonly stack: number;
  /** Its thread-local storage. */
  readonly tls: number;
}

/**
 * The program of a worker, for Node and browsers alike, as text, so that neither a bundler nor a server needs
 * another file. It stays inside the kernels.
 *
 * On Node it starts with its place. A page's messages arrive only when the page is idle, so in a browser it reports
 * that it runs, and then waits for its place in shared memory: `box` has 1 and the place's numbers, or zeros before that.
 */
export const workerSource = `
const work = (module, memory, { id, stack, tls }) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  exports.__stack_pointer.value = stack;
  exports.__wasm_init_tls(tls);
  try {
    exports.host_worker(id);
  } catch {
    exports.host_abandon(); // a kernel trapped; the thread that waits for its result has to know
  }
};
if (typeof require === 'function') {
  const { module, memory, place } = require('worker_threads').workerData;
  work(module, memory, place);
} else {
  onmessage = ({ data: { module, memory, box } }) => {
    postMessage('ready');
    Atomics.wait(box, 0, 0);
    const [, id, stack, tls] = box;
    work(module, memory, { id, stack, tls });
  };
}
`;
