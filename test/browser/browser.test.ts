import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { EngineInfo } from '../../src/index.js';
import { bundle, bundleAll, hasChromium, runInChromium } from './chromium.js';
import type { HostReport } from './host.js';
import type { OnDemandReport } from './on-demand.js';

interface XorReport {
  readonly info: EngineInfo;
  readonly loss: number;
  readonly outputs: readonly number[];
  readonly product: number;
}

const idx = gzipSync(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9));
const files = {
  '/toy/toy-idx1-ubyte.gz': idx,
  '/sum': Buffer.from(createHash('sha256').update(idx).digest('hex')),
};

/** A call in a page, and the line that it throws there. */
const refused: Readonly<Record<string, string>> = {
  'io.loadSafetensors': 'loadSafetensors: a browser has no files; use io.parseSafetensors(bytes)',
  'io.openSafetensors': 'loadSafetensors: a browser has no files; use io.parseSafetensors(bytes)',
  'io.saveSafetensors': 'saveSafetensors: a browser has no files; use io.serializeSafetensors(tensors)',
  'io.loadNpy': 'loadNpy: a browser has no files; use io.parseNpy(bytes)',
  'io.saveNpy': 'saveNpy: a browser has no files; use io.serializeNpy(x)',
  'io.loadNpz': 'loadNpz: a browser has no files; use io.parseNpz(bytes)',
  'io.saveNpz': 'saveNpz: a browser has no files; use io.serializeNpz(tensors)',
  'io.loadTorch': 'loadTorch: a browser has no files; use io.loadTorchBytes(bytes)',
  'io.saveTorch': 'saveTorch: a browser has no files; use io.serializeTorch(value)',
  'io.writeFileAtomic': 'writeFileAtomic: a browser has no files; offer new Blob([content]) as a download',
  'data.cacheFolder': 'cacheFolder: a browser has no files; the browser keeps its cache itself',
  'data.findFiles': 'findFiles: a browser has no files; use data.lookFor(dataset)',
  'data.readIdx': 'readIdx: a browser has no files; use data.parseIdx(bytes)',
  'data.readIdxBytes': 'readIdxBytes: a browser has no files; use data.parseIdx(bytes)',
  'data.readLabeledImages': 'readLabeledImages: a browser has no files; use data.parseIdx(bytes)',
  'data.readCsv': 'readCsv: a browser has no files; use data.parseCsv(bytes)',
  'data.streamCsv': 'streamCsv: a browser has no files; use data.parseCsv(bytes)',
  'data.WorkerDataset.start':
    "WorkerDataset: a browser can't start these threads; use the data set itself, or your own Web Worker",
  'data.serveDataset':
    "serveDataset: a browser can't start these threads; use the data set itself, or your own Web Worker",
  'train.saveCheckpoint':
    'saveCheckpoint: a browser has no files; use io.serializeTorch(state) and io.loadTorchBytes(bytes)',
  'train.loadCheckpoint':
    'loadCheckpoint: a browser has no files; use io.serializeTorch(state) and io.loadTorchBytes(bytes)',
  'train.hasCheckpoint':
    'hasCheckpoint: a browser has no files; use io.serializeTorch(state) and io.loadTorchBytes(bytes)',
  'train.RunFolder.create': 'RunFolder: a browser has no files; save trainer.state() yourself',
  'train.RunFolder.open': 'RunFolder: a browser has no files; save trainer.state() yourself',
  'train.RunFolder.openOrCreate': 'RunFolder: a browser has no files; save trainer.state() yourself',
  'train.RunFolder.exists': 'RunFolder: a browser has no files; save trainer.state() yourself',
  'train.TrialFile': 'TrialFile: a browser has no files; pass search your own store, { load, add }',
  'train.SummaryWriter': 'SummaryWriter: a browser has no files; draw with viz.learningCurves',
  'text.loadGpt2':
    "loadGpt2: a browser can't load a package by itself; import ranks from 'gpt-tokenizer/bpeRanks/r50k_base' and call text.ByteLevelBPE.fromRanks(ranks, { '<|endoftext|>': 50256 })",
  'text.loadTokenizer': 'loadTokenizer: a browser has no files; use text.parseTokenizer(json)',
  'vision.readImage': 'readImage: a browser has no files; use vision.decodeImage(bytes)',
  'vision.decodeImage':
    'decodeImage: a browser decodes images itself: draw this one on a canvas and call getImageData()',
  'vision.writeImage': 'writeImage: a browser has no files; use vision.encodeImage(image, format)',
  'vision.encodeImage':
    'encodeImage: a browser encodes images itself: put the pixels on an OffscreenCanvas and call convertToBlob()',
  'vision.ImageFolder':
    'ImageFolder: a browser has no files; use new vision.ImageDataset(images, labels), with images from vision.decodeImage(bytes)',
  'vision.models.resnet18': 'resnet18: a browser has no files; pass { weights: io.loadTorchBytes(bytes) }',
  'viz.toPng': 'toPng: a browser draws SVG itself; use figure.toSvg()',
  'viz.saveFigure': 'saveFigure: a browser has no files; use figure.toSvg()',
};

describe('in a browser', () => {
  test('every entry bundles without modules of Node', async () => {
    const { script, inputs } = await bundle('host.ts');
    expect(inputs.filter((input) => input.includes('host/node'))).toEqual([]);
    expect(inputs.filter((input) => /node_modules\/(sharp|@resvg|cli-progress)/.test(input))).toEqual([]);
    expect(script).not.toMatch(/['"]node:/);
  });

  test('the reference engine is in no chunk that a page loads at first', async () => {
    const { outputs } = await bundleAll(['xor.ts', 'on-demand.ts']);
    const chunks = Object.entries(outputs);
    const atFirst = new Set<string>();
    const add = (path: string): void => {
      if (atFirst.has(path)) return;
      atFirst.add(path);
      for (const { path: next, kind } of outputs[path]!.imports) if (kind === 'import-statement') add(next);
    };
    for (const [path, { entryPoint }] of chunks) if (/(xor|on-demand)\.ts$/.test(entryPoint ?? '')) add(path);
    const holding = chunks.filter(([, { inputs }]) =>
      Object.keys(inputs).some((input) => input.includes('engine/reference/')),
    );
    expect(atFirst.size).toBeGreaterThan(1);
    expect(holding.length).toBeGreaterThan(0);
    expect(holding.filter(([path]) => atFirst.has(path))).toEqual([]);
  });

  test.runIf(hasChromium)('XOR trains in Chromium, with threads where the page is isolated', async () => {
    const { script } = await bundle('xor.ts');
    const plain = await runInChromium<XorReport>(script, { isolated: false });
    const isolated = await runInChromium<XorReport>(script, { isolated: true });
    for (const { info, loss, outputs } of [plain, isolated]) {
      expect(info.name).toBe('wasm');
      expect(loss).toBeLessThan(0.02);
      expect(outputs.map(Math.round)).toEqual([0, 1, 1, 0]);
    }
    expect(plain.info.threads).toBe(1);
    expect(isolated.info.threads).toBe(availableParallelism());
    expect(isolated.product).toBe(plain.product);
    expect(isolated.loss).toBe(plain.loss);
  });

  test.runIf(hasChromium)('a page whose policy forbids workers has one thread', async () => {
    const { script } = await bundle('on-demand.ts');
    const { info, sum } = await runInChromium<OnDemandReport>(script, {
      isolated: true,
      headers: { 'content-security-policy': "worker-src 'none'" },
    });
    expect([info.name, info.threads, sum]).toEqual(['wasm', 1, 6]);
  });

  test.runIf(hasChromium)(
    'a page that starts with another engine fetches WebAssembly on demand',
    async () => {
      const { script } = await bundle('on-demand.ts');
      const { first, fetched, info, sum } = await runInChromium<OnDemandReport>(script, { isolated: true });
      expect(first).toEqual({ engine: 'reference', sum: 3 });
      expect(fetched).toEqual([0, 1]);
      expect([info.name, info.threads]).toEqual(['wasm', availableParallelism()]);
      expect(sum).toBe(6);
    },
  );

  test.runIf(hasChromium)(
    'what needs Node names what serves; data come by download and from the cache',
    async () => {
      const { script } = await bundle('host.ts');
      const report = await runInChromium<HostReport>(script, { isolated: false, files });
      expect(report.refused).toEqual(refused);
      expect(report.hasRefusalType).toBe(true);
      expect(report.downloads).toEqual(['/toy/toy-idx1-ubyte.gz']);
      expect(report.toy).toEqual([
        [7, 8, 9],
        [7, 8, 9],
      ]);
      expect(report.missing).toMatch(
        /^not found, and none couldn't be downloaded \(localhost:\d+: status 404\); a browser has only what it downloads$/,
      );
      expect(report.named).toBe('not found; a browser has no folders, only what it downloads');
      expect(report.mnist).toMatch(/^MNIST\.load: MNIST: not found; a browser has only what it downloads$/);
      expect(report.table).toEqual([
        [1, 'é'],
        [2, 'b"c'],
      ]);
      expect(report.packed).toEqual(report.table);
      expect(report.damaged).toMatch(/^parseCsv: bytes, byte 0: isn't valid gzip: /);
      expect(report.latin).toBe('é');
      expect(report.notUtf8).toMatch(/the byte 0xe9 isn't UTF-8/);
      expect(report.lines).toEqual(['epoch 1/1  loss 0.5000  1.0 s  10 samples/s']);
    },
  );
});
