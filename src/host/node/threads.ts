import { type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Port, Threads } from '../threads.js';

const portOf = (port: MessagePort | Worker): Port => ({
  post: (message, moved) => port.postMessage(message, moved),
  onMessage: (take) => void port.on('message', take),
  ref: () => port.ref(),
  unref: () => port.unref(),
});

export const threads: Threads = {
  start(module, data, settings) {
    const worker = new Worker(module, { workerData: data, env: { ...process.env, ...settings } });
    return {
      ...portOf(worker),
      onError: (take) => void worker.on('error', take),
      onExit: (take) => void worker.on('exit', take),
      terminate: () => worker.terminate(),
    };
  },
  parent: () =>
    parentPort && {
      ...portOf(parentPort),
      data: workerData,
      onIdle: (take) => void process.on('beforeExit', take),
    },
};
