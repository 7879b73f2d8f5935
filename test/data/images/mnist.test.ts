import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FileError, FileFormatError } from '../../../src/core/errors.js';
import {
  findFiles,
  loadMnist,
  lookFor,
  mnistFiles,
  type RemoteDataset,
  readLabeledImages,
} from '../../../src/data/index.js';
import { CIFAR10, FashionMNIST, MNIST } from '../../../src/vision/index.js';
import { mnistFolder } from '../../helpers/mnist.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'myelin-'));
  vi.stubEnv('MYELIN_DATA', '');
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const images = Buffer.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4]);
const labels = Buffer.from([0, 0, 8, 1, 0, 0, 0, 2, 7, 9]);

/** Two-image MNIST under the given names. */
function put(where: string, names: readonly string[]): void {
  mkdirSync(where, { recursive: true });
  for (const name of names) {
    const bytes = name.includes('images') ? images : labels;
    writeFileSync(join(where, name), name.endsWith('.gz') ? gzipSync(bytes) : bytes);
  }
}

const published = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
];

test.each([
  ['gzipped', '', published.map((name) => `${name}.gz`)],
  ['unpacked, in a folder of its own', 'mnist', published],
  ['as torchvision lays them out', 'MNIST/raw', published],
  ['with dots', '', published.map((name) => name.replace('-idx', '.idx'))],
])('found %s', async (_name, under, names) => {
  put(join(folder, 'data', under), names);
  for (const options of [{ data: join(folder, 'data') }, {}]) {
    if (!('data' in options)) vi.stubEnv('MYELIN_DATA', join(folder, 'data'));
    const { train, test: held } = await loadMnist({ ...options, download: false });
    expect(train).toEqual({
      images: Uint8Array.of(1, 2, 3, 4),
      labels: Uint8Array.of(7, 9),
      count: 2,
      height: 1,
      width: 2,
    });
    expect(held.count).toBe(2);
  }
});

test('what is missing is named, with where to put it', async () => {
  await expect(loadMnist({ data: join(folder, 'none') })).rejects.toThrow(
    /none: no such folder; put train-images-idx3-ubyte.gz, /,
  );
  put(join(folder, 'half'), published.slice(0, 3));
  await expect(loadMnist({ data: join(folder, 'half') })).rejects.toThrow(
    /half: doesn't have all of MNIST; put t10k-labels-idx1-ubyte.gz there$/,
  );
  const error = await loadMnist({ download: false }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(FileError);
  expect((error as Error).message).toMatch(
    /MNIST: not found; put train-images-idx3-ubyte.gz, .* into .*cache\/myelin\/mnist, or name their folder with --data or MYELIN_DATA/,
  );
});

test('a search says that nothing is there without an error', async () => {
  const nowhere = await lookFor(mnistFiles, { download: false });
  expect(nowhere.found).toBeNull();
  expect(nowhere.missing!.what).toBe('MNIST');
  expect(nowhere.missing!.problem).toMatch(/^not found; put train-images-idx3-ubyte.gz, .*MYELIN_DATA$/);
  for (const search of [lookFor, findFiles])
    for (const bad of [null, 5, {}, { ...mnistFiles, files: 5 }])
      await expect(search(bad as never)).rejects.toThrow(
        `${search.name}: the data set must be an object with a title, a folder, files and mirrors, got `,
      );
  const half = join(folder, 'half');
  put(half, published.slice(0, 3));
  expect(await lookFor(mnistFiles, { data: half })).toEqual({
    found: null,
    missing: { what: half, problem: "doesn't have all of MNIST; put t10k-labels-idx1-ubyte.gz there" },
  });
  for (const set of [MNIST, FashionMNIST, CIFAR10])
    expect((await set.find({ download: false })).missing?.problem).toMatch(/^not found; put /);
});

test('a search gives the files that are there', async () => {
  const whole = join(folder, 'whole');
  put(whole, published);
  const { found, missing } = await lookFor(mnistFiles, { data: whole });
  expect(missing).toBeNull();
  expect([...found!.keys()]).toEqual(mnistFiles.files.map(({ name }) => name));
  const [file] = found!.values();
  expect(file!.path.startsWith(whole)).toBe(true);
  expect(file!.read()).toEqual(readFileSync(file!.path));
});

test("a folder that MYELIN_DATA names and that doesn't do is named", async () => {
  put(join(folder, 'half'), published.slice(0, 3));
  for (const [name, problem] of [
    ['none', 'no such folder'],
    ['half', "doesn't have all of MNIST"],
  ] as const) {
    vi.stubEnv('MYELIN_DATA', join(folder, name));
    await expect(loadMnist({ download: false })).rejects.toThrow(
      `MNIST: not found (MYELIN_DATA is ${join(folder, name)}: ${problem}); put train-images`,
    );
  }
});

test("a cache that can't be made is an error that says where else files may lie", async () => {
  writeFileSync(join(folder, 'file'), '');
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'file'));
  await expect(loadMnist({ download: true })).rejects.toThrow(
    /MNIST: not found, and makeFolder: .*file\/myelin\/mnist: a part of the path isn't a folder; put .* or name their folder with --data or MYELIN_DATA/,
  );
});

test('images and labels must agree', () => {
  put(folder, ['a-images', 'b-labels']);
  writeFileSync(join(folder, 'c-labels'), Buffer.from([0, 0, 8, 1, 0, 0, 0, 1, 7]));
  const at = (name: string): string => join(folder, name);
  expect(() => readLabeledImages(at('a-images'), at('c-labels'), 10)).toThrow('1 label for 2 images');
  expect(() => readLabeledImages(at('a-images'), at('b-labels'), 9)).toThrow(FileFormatError);
  expect(() => readLabeledImages(at('a-images'), at('b-labels'), 9)).toThrow(
    "byte 9: label 9 of image 1 isn't one of 0 to 8",
  );
});

const content = Buffer.from('the file');

async function serve(
  work: (dataset: RemoteDataset, server: Server) => Promise<void>,
  answer = content,
): Promise<void> {
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/none/')) response.writeHead(404).end();
    else response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sha256 = createHash('sha256').update(content).digest('hex');
  const dataset = {
    title: 'Toy',
    folder: 'toy',
    files: [{ name: 'toy.bin', bytes: content.length, sha256 }],
    mirrors: [`${at}/none/`, `${at}/data/`],
  };
  try {
    await work(dataset, server);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('a download comes from the first mirror that has it, and is kept', () =>
  serve(async (dataset, server) => {
    const asked: string[] = [];
    const paths = await findFiles(dataset, { onDownload: (url) => asked.push(new URL(url).pathname) });
    expect(asked).toEqual(['/none/toy.bin', '/data/toy.bin']);
    expect(paths.get('toy.bin')).toBe(join(folder, 'cache/myelin/toy/toy.bin'));
    server.closeAllConnections();
    server.close();
    expect(await findFiles(dataset)).toEqual(paths);
  }));

test.each([
  ['checksum', Buffer.from('the flie'), /doesn't have the expected checksum/],
  ['shorter', Buffer.from('the'), /3 bytes instead of 8/],
  ['longer', Buffer.from('the file and more'), /more than the expected 8 bytes/],
])('a download with another content is refused: %s', (_name, answer, message) =>
  serve(async (dataset) => {
    await expect(findFiles(dataset)).rejects.toThrow(message);
    await expect(findFiles(dataset)).rejects.toThrow(
      /Toy: not found, and toy.bin couldn't be downloaded \(127.*status 404; .*put toy.bin into/,
    );
    expect(readdirSync(join(folder, 'cache/myelin/toy'))).toEqual([]);
  }, answer),
);

test("a server that isn't there", async () => {
  const dataset = {
    title: 'Toy',
    folder: 'toy',
    files: [{ name: 'a', bytes: 1, sha256: '' }],
    mirrors: ['http://127.0.0.1:9/'],
  };
  await expect(findFiles(dataset)).rejects.toThrow(/a couldn't be downloaded \(127\.0\.0\.1:9: /);
});

test.skipIf(mnistFolder === null)(
  'the real files have the sizes and checksums that a download is held to',
  async () => {
    for (const { name, bytes, sha256 } of mnistFiles.files) {
      const content = readFileSync(join(mnistFolder!, name));
      expect([name, content.length, createHash('sha256').update(content).digest('hex')]).toEqual([
        name,
        bytes,
        sha256,
      ]);
    }
    const { train, test: held } = await loadMnist({ data: mnistFolder! });
    expect([train.count, held.count, train.height, train.width]).toEqual([60_000, 10_000, 28, 28]);
    expect([...train.labels.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
    expect([...held.labels.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4]);
  },
);
