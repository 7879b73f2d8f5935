// Asks the public surface in a page for what only Node has, and for data, and reports on `window`.
import * as data from '../../src/data/index.js';
import { HostError, zeros } from '../../src/index.js';
import * as io from '../../src/io/index.js';
import * as text from '../../src/text/index.js';
import * as train from '../../src/train/index.js';
import * as vision from '../../src/vision/index.js';
import * as viz from '../../src/viz/index.js';

export interface HostReport {
  readonly refused: Readonly<Record<string, string>>;
  readonly hasRefusalType: boolean;
  readonly downloads: readonly string[];
  readonly toy: readonly (readonly number[])[];
  readonly missing: string;
  readonly mnist: string;
  readonly named: string;
  readonly table: readonly (readonly unknown[])[];
  readonly packed: readonly (readonly unknown[])[];
  readonly damaged: string;
  readonly latin: unknown;
  readonly notUtf8: string;
  readonly lines: readonly string[];
}

const x = zeros([2]);
const image = zeros([3, 4, 4]);
const figure = viz.lineChart([{ name: 'loss', x: [1, 2], y: [1, 0] }], { title: 'Loss' });
const toy = {
  title: 'Toy',
  folder: 'toy',
  files: [
    {
      name: 'toy-idx1-ubyte.gz',
      bytes: (await (await fetch('/toy/toy-idx1-ubyte.gz')).arrayBuffer()).byteLength,
      sha256: await (await fetch('/sum')).text(),
    },
  ],
  mirrors: [`${location.origin}/toy/`],
};

const calls: Readonly<Record<string, () => unknown>> = {
  'io.loadSafetensors': () => io.loadSafetensors('a'),
  'io.openSafetensors': () => io.openSafetensors('a'),
  'io.saveSafetensors': () => io.saveSafetensors('a', { x }),
  'io.loadNpy': () => io.loadNpy('a'),
  'io.saveNpy': () => io.saveNpy('a', x),
  'io.loadNpz': () => io.loadNpz('a'),
  'io.saveNpz': () => io.saveNpz('a', { x }),
  'io.loadTorch': () => io.loadTorch('a'),
  'io.saveTorch': () => io.saveTorch('a', x),
  'io.writeFileAtomic': () => io.writeFileAtomic('a', 'text'),
  'data.cacheFolder': () => data.cacheFolder(),
  'data.findFiles': () => data.findFiles(toy),
  'data.readIdx': () => data.readIdx('a'),
  'data.readIdxBytes': () => data.readIdxBytes('a', 1),
  'data.readLabeledImages': () => data.readLabeledImages('a', 'b', 2),
  'data.readCsv': () => data.readCsv('a'),
  'data.streamCsv': () => data.streamCsv('a').next(),
  'data.WorkerDataset.start': () => data.WorkerDataset.start(new URL('file:///a.js')),
  'data.serveDataset': () => data.serveDataset(() => new data.TensorDataset(x)),
  'train.saveCheckpoint': () => train.saveCheckpoint('a', 'last', '1', {}),
  'train.loadCheckpoint': () => train.loadCheckpoint('a', 'last'),
  'train.hasCheckpoint': () => train.hasCheckpoint('a', 'last'),
  'train.RunFolder.create': () => train.RunFolder.create('a', {}),
  'train.RunFolder.open': () => train.RunFolder.open('a'),
  'train.RunFolder.openOrCreate': () => train.RunFolder.openOrCreate('a', {}, 'b'),
  'train.RunFolder.exists': () => train.RunFolder.exists('a'),
  'train.TrialFile': () => new train.TrialFile('a'),
  'train.SummaryWriter': () => new train.SummaryWriter('a'),
  'text.loadGpt2': () => text.loadGpt2(),
  'text.loadTokenizer': () => text.loadTokenizer('a.json'),
  'vision.readImage': () => vision.readImage('a.png'),
  'vision.decodeImage': () => vision.decodeImage(Uint8Array.of(0x89, 0x50, 0x4e, 0x47)),
  'vision.writeImage': () => vision.writeImage('a.png', image),
  'vision.encodeImage': () => vision.encodeImage(image, 'png'),
  'vision.ImageFolder': () => new vision.ImageFolder('a'),
  'vision.models.resnet18': () => vision.models.resnet18({ weights: 'a.pth' }),
  'viz.toPng': () => viz.toPng(figure),
  'viz.saveFigure': () => viz.saveFigure(figure, 'a.svg'),
};

/** What a call throws. */
async function thrown(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return new Error('nothing was thrown');
}

const messageOf = async (call: () => unknown): Promise<string> => ((await thrown(call)) as Error).message;

const errors: [string, unknown][] = [];
for (const [name, call] of Object.entries(calls)) errors.push([name, await thrown(call)]);

const through = async (
  bytes: Uint8Array,
  transform: CompressionStream | DecompressionStream,
): Promise<Uint8Array> =>
  new Uint8Array(
    await new Response(
      new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(transform),
    ).arrayBuffer(),
  );

const downloads: string[] = [];
const onDownload = (url: string): number => downloads.push(new URL(url).pathname);
const readToy = async (): Promise<number[]> => {
  const { found } = await data.lookFor(toy, { onDownload });
  const [file] = found!.values();
  const idx = await through(file!.read(), new DecompressionStream('gzip'));
  return [...(data.parseIdx(idx).data as Uint8Array)];
};
const twice = [await readToy(), await readToy()];

const rowsOf = (table: data.Table): unknown[][] =>
  Array.from({ length: table.length }, (_, i) => Object.values(table.row(i)));
const csv = new TextEncoder().encode('n,word\n1,é\n2,"b""c"\n');
const packed = await through(csv, new CompressionStream('gzip'));
const latin = Uint8Array.of(0x77, 0x0a, 0xe9, 0x0a);

const lines: string[] = [];
const { log } = console;
console.log = (line: string) => lines.push(line);
train.progressBar().onEpochEnd?.(
  {
    epoch: 1,
    epochs: 1,
    step: 1,
    seconds: 1,
    samplesPerSecond: 10,
    train: { loss: 0.5 },
    learningRates: {},
    best: false,
    stopsEarly: false,
  } as unknown as train.EpochReport,
  undefined as never,
);
console.log = log;

const report: HostReport = {
  refused: Object.fromEntries(errors.map(([name, error]) => [name, (error as Error).message])),
  hasRefusalType: errors.every(([, error]) => error instanceof HostError),
  downloads,
  toy: twice,
  missing: (await data.lookFor({ ...toy, files: [{ name: 'none', bytes: 1, sha256: '' }] })).missing!.problem,
  named: (await data.lookFor(toy, { data: 'folder' })).missing!.problem,
  mnist: await messageOf(() => vision.MNIST.load({ download: false })),
  table: rowsOf(await data.parseCsv(csv)),
  packed: rowsOf(await data.parseCsv(packed)),
  damaged: await messageOf(() => data.parseCsv(packed.slice(0, 20))),
  latin: rowsOf(await data.parseCsv(latin, { encoding: 'latin1' }))[0]![0],
  notUtf8: await messageOf(() => data.parseCsv(latin)),
  lines,
};
Object.assign(window, { report });
