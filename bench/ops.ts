// Each operation of the op table at a small and a large size beside PyTorch, forward and backward, sorted by ratio:
// bench/run.mjs tells how to call it.
import { availableParallelism, cpus } from 'node:os';
import { tables } from 'op-table';
import { engineInfo, setEngine, setThreads } from '../src/index.js';
import type { OpRow } from '../test/ops/table.js';
import { alternate, timerOf } from './measure.js';
import { large, type Sized, small, work } from './ops-sample.js';
import { writeSections } from './section.js';
import { TorchProcess } from './torch.js';

interface Result {
  readonly op: string;
  readonly size: 'small' | 'large';
  readonly torch: string;
  readonly ours: number;
  readonly rival: number;
}

const samples = 7;
const words = process.argv.slice(2).filter((word) => word !== 'ops' && !word.startsWith('--'));
const rows: readonly OpRow[] = tables
  .flat()
  .filter(
    ({ op }) => words.length === 0 || words.some((word) => op.toLowerCase().includes(word.toLowerCase())),
  );
if (rows.length === 0) {
  console.error(`no operation's name contains ${words.join(' or ')}`);
  process.exit(1);
}

await setEngine('native');
const threads = availableParallelism();
setThreads(threads);
const torch = await TorchProcess.start();
if (torch === null) {
  console.log("PyTorch isn't installed here: there is nothing to compare with");
  process.exit(1);
}

const results: Result[] = [];
const left: string[] = [];

async function measure(row: OpRow, size: 'small' | 'large', sized: Sized): Promise<void> {
  const ours = work(sized);
  try {
    const rival = await torch!.prepare(sized.rival, threads);
    const times = await alternate(timerOf(ours), rival, samples);
    const result = { op: row.op, size, torch: sized.torch, ours: times.ours, rival: times.rival! };
    results.push(result);
    console.log(line(result));
  } catch (error) {
    left.push(`${row.op} (${size}): PyTorch: ${(error as Error).message.split('\n')[0]}`);
  }
}

const time = (seconds: number): string =>
  seconds < 1e-3 ? `${(seconds * 1e6).toFixed(1)} µs` : `${(seconds * 1e3).toFixed(2)} ms`;
const ratio = ({ ours, rival }: Result): number => rival / ours;
const line = (r: Result): string =>
  `| ${r.op} | ${r.size} | \`${r.torch.replaceAll('|', '\\|')}\` | ${time(r.ours)} | ${time(r.rival)} | ${ratio(r).toFixed(2)} |`;

const mean = (list: readonly Result[]): number =>
  Math.exp(list.reduce((sum, r) => sum + Math.log(ratio(r)), 0) / Math.max(1, list.length));

function summary(size: 'small' | 'large'): string {
  const list = results.filter((r) => r.size === size);
  const slower = list.filter((r) => ratio(r) < 1).length;
  return `| ${size} | ${list.length} | ${mean(list).toFixed(2)} | ${slower} |`;
}

for (const row of rows) {
  await measure(row, 'small', small(row));
  const sized = large(row);
  if (typeof sized === 'string') left.push(`${row.op} (large): ${sized}`);
  else if (sized !== null) await measure(row, 'large', sized);
}
torch.stop();

const report = [
  `Measured by \`npm run bench -- ops --write\` on ${cpus()[0]!.model.trim()} (${engineInfo().instructionSet}), ${threads} cores, Node ${process.versions.node}.`,
  'Both sides take turns in one run, forward and backward with a dense gradient where there is one. A ratio is',
  'PyTorch’s median time divided by ours, so larger is better.',
  '',
  '| size | operations | geometric mean | below 1 |',
  '|---|---|---|---|',
  summary('small'),
  summary('large'),
  '',
  '| operation | size | case | Myelin | PyTorch | ratio |',
  '|---|---|---|---|---|---|',
  ...results.toSorted((a, b) => ratio(a) - ratio(b)).map(line),
  ...(left.length > 0 ? ['', 'Not measured:', '', ...left.map((text) => `* ${text}`)] : []),
  '',
].join('\n');
console.log(`\n${report}`);
if (process.argv.includes('--write')) writeSections('docs/performance-ops.md', { operations: report });
process.exit(0);
