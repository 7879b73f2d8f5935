/** The op table as bench/run.mjs puts it together: the rows of each file FAMILY.rows.ts in test/ops. */
declare module 'op-table' {
  import type { OpRow } from '../test/ops/table.js';
  export const tables: readonly (readonly OpRow[])[];
}
