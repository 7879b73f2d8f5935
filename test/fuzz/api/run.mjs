// npm run fuzz -- [--calls N] [--seconds S] [--engine native|wasm] [--seed N] [--call SOURCE] [--sanitize] [--json FILE]
// Random calls of everything exported, on both engines unless one is named. --call makes one call alone; --sanitize
// builds the native engine with AddressSanitizer and UndefinedBehaviorSanitizer and runs it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sanitizedEnvironment } from '../../../scripts/sanitized.mjs';
import { fuzz } from './fuzz.mjs';
import { writeSeeds } from './prepare.mjs';
import { group, summary } from './report.mjs';

const { values: options } = parseArgs({
  options: {
    calls: { type: 'string', default: '100000' },
    seconds: { type: 'string' },
    engine: { type: 'string' },
    seed: { type: 'string', default: '1' },
    call: { type: 'string' },
    sanitize: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) {
  console.log(
    readFileSync(new URL(import.meta.url), 'utf8')
      .match(/^(?:\/\/.*\n)+/)[0]
      .replace(/^\/\/ /gm, '')
      .trimEnd(),
  );
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), 'myelin-fuzz-seeds-'));
const seeds = join(folder, 'seeds.json');
await writeSeeds(seeds);
const engines = options.sanitize ? ['native'] : options.engine ? [options.engine] : ['native', 'wasm'];
let failed = false;
for (const engine of engines) {
  const { calls, findings } = await fuzz({
    engine,
    seeds,
    calls: options.call === undefined ? Number(options.calls) : 1,
    seed: Number(options.seed),
    only: options.call,
    ...(options.seconds !== undefined && { seconds: Number(options.seconds) }),
    ...(options.sanitize && { sanitized: true, patience: 60_000, env: await sanitizedEnvironment() }),
    progress: (next, all) =>
      process.stderr.write(
        `${process.stderr.isTTY ? '\r' : ''}${engine}: ${next} calls so far, ${all.length} findings${process.stderr.isTTY ? ' ' : '\n'}`,
      ),
  });
  console.log(`${engine}: ${summary(calls, findings)}`);
  for (const { kind, message, number, source, times, where, complaint } of group(findings)) {
    console.log(
      `\n${kind} × ${times}: ${message}${where ? ` (${where})` : ''}\n  call ${number}: ${source.replace(/\s+/g, ' ')}`,
    );
    if (complaint && options.call) console.log(complaint);
  }
  if (options.json) writeFileSync(options.json, JSON.stringify(findings));
  failed ||=
    findings.length > calls / 1000 || findings.some(({ kind }) => !['untyped', 'full'].includes(kind));
}
rmSync(folder, { recursive: true });
process.exitCode = failed ? 1 : 0;
