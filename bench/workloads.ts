import { convWorkloads } from './conv.js';
import { lenetWorkloads } from './lenet.js';
import { mlpWorkloads } from './mlp.js';
import type { Workload } from './workload.js';

/** All workloads, in the order of docs/performance.md. */
export const workloads: readonly Workload[] = [...mlpWorkloads, ...lenetWorkloads, ...convWorkloads];
