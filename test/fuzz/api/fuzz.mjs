// Runs the calls in processes of their own, and finds what ends them, stops them or writes into others' memory.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('child.mjs', import.meta.url));
/** Calls after which a process is replaced by a new one. */
const perProcess = 20_000;
const memory = 1.25 * 2 ** 20;

/** The call that a process said it would make. */
function readCurrent(file) {
  const text = readFileSync(file, 'utf8').split('\0')[0];
  const line = text.indexOf('\n');
  return { number: Number(text.slice(0, line)), source: text.slice(line + 1) };
}

/** Makes calls until the range ends or the process does. @returns the findings, and the number of the next call */
function runProcess({ config, folder, env, patience, sanitized, deadline }) {
  const current = join(folder, 'current');
  const command = [
    process.execPath,
    '--max-old-space-size=700',
    script,
    JSON.stringify({ ...config, current }),
  ];
  // Too large a request is refused at once, on every machine alike. (A sanitizer reserves more than that.)
  const limited =
    process.platform === 'linux' && !sanitized
      ? ['bash', '-c', `ulimit -c 0 -d ${memory}; exec "$@"`, 'bash', ...command]
      : command;
  const child = spawn(limited[0], limited.slice(1), { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const findings = [];
  let complaint = '';
  let done;
  createInterface({ input: child.stdout }).on('line', (line) => {
    let finding;
    try {
      finding = JSON.parse(line);
    } catch {
      return; // printed by a call
    }
    if (finding.kind === 'done') done = finding.number;
    else findings.push(finding);
  });
  child.stderr.on('data', (chunk) => {
    complaint = (complaint + chunk).slice(-6000);
  });
  let since = Date.now();
  let before = -1;
  let hung = false;
  let late = false;
  const watch = setInterval(() => {
    let number = -1;
    try {
      number = readCurrent(current).number;
    } catch {}
    if (number !== before) [before, since] = [number, Date.now()];
    late = deadline !== undefined && Date.now() > deadline;
    hung = Date.now() - since > (number < config.from ? 60_000 : patience);
    if (hung || late) child.kill('SIGKILL');
  }, 250);
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearInterval(watch);
      if (done !== undefined) return resolve({ findings, next: done });
      let call;
      try {
        call = readCurrent(current);
      } catch {
        throw new Error(`the process of calls did not start:\n${complaint}`);
      }
      // A process that just started hasn't said anything yet.
      if (late) return resolve({ findings, next: Math.max(call.number, config.from), late });
      const message = hung
        ? `no answer within ${patience / 1000} s`
        : `${signal ?? `exit code ${code}`} ${complaint.split('\n').filter((line) => /ERROR|runtime error|FATAL|Error/.test(line))[0] ?? ''}`.trim();
      findings.push({ kind: hung ? 'hang' : 'crash', ...call, message, complaint });
      resolve({ findings, next: call.number + 1 });
    });
  });
}

/**
 * Whether a request for memory was refused that V8 or a library can't go without: what the earlier calls left of the
 * process's limit was too little, whatever the last call asked for.
 */
const endedForMemory = ({ kind, message, complaint }) =>
  kind === 'crash' &&
  /^SIG(TRAP|ABRT)/.test(message) &&
  /out of memory|failed to allocate|Allocation failed/.test(complaint);

/** Then it's a crash only if the call crashes by itself as well. */
async function alone(finding, settings) {
  const config = { ...settings.config, from: finding.number, to: finding.number + 1 };
  const { findings } = await runProcess({ ...settings, config });
  return findings.find(({ kind }) => kind === 'crash' || kind === 'hang') ?? { ...finding, kind: 'full' };
}

/** Which of the calls before it wrote into another tensor: they are made again, and looked at after each. */
async function attribute(finding, settings) {
  const from = Math.max(finding.number - 130, settings.config.from);
  const { findings } = await runProcess({
    ...settings,
    config: { ...settings.config, from, to: finding.number + 1, every: 1 },
  });
  return findings.find(({ kind }) => kind === 'overwritten') ?? finding;
}

/**
 * Makes calls number 0 to `calls` of a seed on an engine, or as many as there is time for.
 * @returns `{ calls, findings }`; a finding is `{ kind, number, source, message }`, its kind `crash`, `hang`,
 *   `overwritten`, `broken`, `untyped`, or `full` for a process that ended because earlier calls had filled its memory
 */
export async function fuzz({
  engine,
  calls,
  seed = 1,
  seconds,
  seeds,
  only,
  env = {},
  patience = 8000,
  sanitized = false,
  progress = () => {},
}) {
  const folder = mkdtempSync(join(tmpdir(), 'myelin-fuzz-'));
  const deadline = seconds === undefined ? undefined : Date.now() + seconds * 1000;
  const settings = {
    folder,
    patience,
    sanitized,
    deadline,
    env: { ...process.env, MYELIN_THREADS: '2', MYELIN_FUZZ_SEEDS: seeds, ...env },
  };
  const all = [];
  let next = 0;
  try {
    for (let late = false; next < calls && !late; ) {
      const config = { engine, seed, from: next, to: Math.min(next + perProcess, calls), only };
      const run = await runProcess({ ...settings, config });
      for (const finding of run.findings) {
        const again = { ...settings, deadline: undefined, config };
        if (finding.kind === 'overwritten' && only === undefined) all.push(await attribute(finding, again));
        else if (endedForMemory(finding)) all.push(await alone(finding, again));
        else all.push(finding);
      }
      ({ next, late = false } = run);
      progress(next, all);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { calls: next, findings: all };
}
