/** What a worker needs to take part: the module and memory of the main thread, and memory of its own. */
export interface WorkerData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly id: number;
  /** The upper end of its stack. */
  readonly stack: number;
  /** Its thread-local storage. */
  readonly tls: number;
}

/**
 * The program of a worker, for Node and browsers alike, as text: so neither a bundler nor a server has
 * to know of another file. In a browser it says that it runs and waits for its data; then it stays inside the kernels.
 */
export const workerSource = `
const work = ({ module, memory, id, stack, tls }) => {
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
  work(require('worker_threads').workerData);
} else {
  onmessage = (event) => work(event.data);
  postMessage('ready');
}
`;
