import type { Workload } from './workload.js';

/** All workloads, in the order of docs/performance.md. */
export const workloads: readonly Workload[] = [];
