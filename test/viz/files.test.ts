import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, expect, test, vi } from 'vitest';
import { asciiWidths, textWidth } from '../../src/viz/font.js';
import * as viz from '../../src/viz/index.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-viz-'));
afterAll(() => rmSync(folder, { recursive: true }));

const figure = viz.scatter(
  { x: [1, 2], y: [1, 2], classes: ['a', 'b'] },
  { title: 'Files', width: 100, height: 80 },
);

/** Width and height of a PNG, after its signature was checked. */
function pngSize(bytes: Uint8Array): [number, number] {
  expect([...bytes.slice(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
}

test('a figure is written as SVG and as PNG of twice its size, the same each time', async () => {
  for (const name of ['a.svg', 'a.png', 'B.PNG']) await viz.saveFigure(figure, join(folder, name));
  const svg = readFileSync(join(folder, 'a.svg'), 'utf8');
  expect(svg).toBe(await figure.toSvg());
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!;
  const png = readFileSync(join(folder, 'a.png'));
  expect(pngSize(png)).toEqual([2 * Number(width), 2 * Number(height)]);
  expect(readFileSync(join(folder, 'B.PNG')).equals(png)).toBe(true);
});

test('other endings are an error', async () => {
  for (const name of ['figure.pdf', 'folder.svg/figure', 'figure'])
    await expect(viz.saveFigure(figure, name)).rejects.toThrow(
      `saveFigure: ${name}: a figure must be .svg or .png`,
    );
});

test('a folder that is missing is an error of the file', async () => {
  await expect(viz.saveFigure(figure, join(folder, 'none', 'a.svg'))).rejects.toThrow(
    'no such file or folder',
  );
});

test('without the package that draws PNG an error says what to install', async () => {
  vi.resetModules();
  vi.doMock('@resvg/resvg-wasm', () => {
    throw new Error('nothing there');
  });
  try {
    const { Figure, lineChart, saveFigure, toPng } = await import('../../src/viz/index.js');
    const drawn = lineChart([{ name: 'loss', x: [1, 2], y: [2, 1] }], { title: 'Loss' });
    expect(drawn).toBeInstanceOf(Figure);
    const missing =
      /^(saveFigure|toPng): @resvg\/resvg-wasm, which draws PNG pictures, can't be loaded \(.+\); run: npm install @resvg\/resvg-wasm@2$/;
    await expect(saveFigure(drawn, join(folder, 'none.png'))).rejects.toThrow(missing);
    await expect(toPng(drawn)).rejects.toThrow(missing);
    expect(existsSync(join(folder, 'none.png'))).toBe(false);
  } finally {
    vi.doUnmock('@resvg/resvg-wasm');
    vi.resetModules();
  }
});

test('text is measured by the widths that the font has', () => {
  const path = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
  const font = readFileSync(path);
  const tables = Object.fromEntries(
    Array.from({ length: font.readUInt16BE(4) }, (_, i) => {
      const at = 12 + 16 * i;
      return [font.toString('latin1', at, at + 4), font.readUInt32BE(at + 8)];
    }),
  ) as Record<'cmap' | 'head' | 'hmtx', number>;
  const unitsPerEm = font.readUInt16BE(tables.head + 18);
  const subtables = Array.from(
    { length: font.readUInt16BE(tables.cmap + 2) },
    (_, i) => tables.cmap + font.readUInt32BE(tables.cmap + 8 + 8 * i),
  );
  const cmap = subtables.find((at) => font.readUInt16BE(at) === 4)!;
  const segments = font.readUInt16BE(cmap + 6) / 2;
  // A segment is a range of characters, mapped to glyphs by a difference; the one from space on holds ASCII.
  const field = (column: number, segment: number): number =>
    font.readUInt16BE(cmap + 16 + 2 * (column * segments + segment));
  const ascii = Array.from({ length: segments }, (_, i) => i).find((i) => field(1, i) === 0x20)!;
  const delta = field(2, ascii);
  expect(field(3, ascii)).toBe(0);
  const widths = asciiWidths.map((_, i) =>
    font.readUInt16BE(tables.hmtx + 4 * ((0x20 + i + delta) & 0xffff)),
  );
  expect(asciiWidths).toEqual(widths.map((width) => Math.round((1000 * width) / unitsPerEm)));
  expect(textWidth('ab', 10)).toBeCloseTo(12.48);
  expect(textWidth('é中', 10)).toBeCloseTo(16.6);
  expect(textWidth('ab', 10, true)).toBeGreaterThan(textWidth('ab', 10));
});

test('the libraries that draw are loaded when a picture is drawn, not before', () => {
  const root = fileURLToPath(new URL('../../src/', import.meta.url));
  const early = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('third-party/'))
    .filter((file) =>
      /^import (?!type\b)[^;]*from '(.*\/vega\.js|vega|@resvg)/m.test(readFileSync(join(root, file), 'utf8')),
    );
  expect(early).toEqual([]);
});

test('pictures bundle for browsers, without modules of Node', async () => {
  const root = new URL('../../src/', import.meta.url);
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('viz/index.ts', root))],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    alias: { '#host': fileURLToPath(new URL('host/browser/index.ts', root)) },
    external: ['vega', 'vega-lite'],
    write: false,
    logLevel: 'silent',
  });
  expect(outputFiles[0]!.text).not.toMatch(/['"]node:|import\([^)]*resvg/);
});
