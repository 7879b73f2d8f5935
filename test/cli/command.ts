import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drawnDigits, type LabeledImages } from '../../src/data/index.js';
import { drawnShapes, type ImageDataset } from '../../src/vision/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const main = join(root, 'dist/cli/main.js');

const newest = (folder: string): number =>
  Math.max(
    ...readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
      (file) => statSync(join(root, folder, file)).mtimeMs,
    ),
  );

/** Compiles the command if its sources are newer than what was compiled. */
export function buildCommand(): void {
  if (existsSync(main) && newest('dist') >= newest('src')) return;
  const { status, stdout } = spawnSync('npm', ['run', '--silent', 'build:ts'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the command doesn't compile:\n${stdout}`);
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Called with all output so far whenever there is more; may return a signal, which is sent once. */
  readonly onOutput?: (text: string) => NodeJS.Signals | undefined;
}

/** Runs `myelin` with these arguments, away from the network and other people's data. */
export const myelin = (args: readonly string[], options: RunOptions = {}): Promise<Finished> =>
  node([main, ...args], options);

/** Runs a file of the tests that imports `myelin` as it was compiled. */
export const script = (path: string): Promise<Finished> => node([join(root, 'test', path)], {});

function node(args: readonly string[], { env = {}, cwd, onOutput }: RunOptions): Promise<Finished> {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, MYELIN_OFFLINE: '1', MYELIN_DATA: '', XDG_CACHE_HOME: '/nonexistent', ...env },
  });
  let stdout = '';
  let stderr = '';
  let sent = false;
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
    const signal = sent ? undefined : onOutput?.(stdout);
    if (!signal) return;
    sent = child.kill(signal);
    // npm passes on the Ctrl-C that the terminal sends to both.
    if (signal === 'SIGINT') setTimeout(() => child.kill(signal), 5);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

/** Bytes as an IDX file of this shape. */
function idx(shape: readonly number[], data: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header[2] = 8;
  header[3] = shape.length;
  shape.forEach((n, axis) => {
    header.writeUInt32BE(n, 4 + 4 * axis);
  });
  return Buffer.concat([header, data]);
}

/** A folder in CIFAR-10's form with few drawn shapes. */
export function smallShapes(folder: string, { train = 320, test = 100 } = {}): string {
  mkdirSync(folder);
  const shapes = drawnShapes({ train, test, seed: 1 });
  const write = (file: string, { images, labels, length }: ImageDataset): void => {
    const pixels = images.dataSync() as Uint8Array;
    const size = pixels.length / length;
    const records = [...labels.dataSync()].flatMap((label, i) => [
      Uint8Array.of(label),
      pixels.subarray(i * size, (i + 1) * size),
    ]);
    writeFileSync(join(folder, file), Buffer.concat(records));
  };
  write('data_batch_1.bin', shapes.train);
  write('test_batch.bin', shapes.test);
  return folder;
}

/** A folder in MNIST's form with few drawn digits. */
export function smallDigits(folder: string): string {
  mkdirSync(folder);
  const digits = drawnDigits({ train: 640, test: 200, seed: 1 });
  const write = (part: string, { images, labels, count }: LabeledImages): void => {
    writeFileSync(join(folder, `${part}-images-idx3-ubyte`), idx([count, 28, 28], images));
    writeFileSync(join(folder, `${part}-labels-idx1-ubyte`), idx([count], labels));
  };
  write('train', digits.train);
  write('t10k', digits.test);
  return folder;
}
