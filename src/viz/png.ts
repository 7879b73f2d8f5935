import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gunzipSync } from 'node:zlib';
import { MissingPackageError } from '../core/errors.js';
import { checkOption, instance } from '../core/options.js';
import { Figure } from './figure.js';
import { fontFamily } from './font.js';

/** Pixels of the PNG for a pixel of the SVG: pictures are sharp on today's screens. */
const ZOOM = 2;

/** DejaVu Sans, regular and bold; the build puts them there. */
const fonts = ['DejaVuSans', 'DejaVuSans-Bold'].map(
  (name) => new URL(`../../fonts/${name}.ttf.gz`, import.meta.url),
);

async function loadResvg(operation: string) {
  try {
    const { initWasm, Resvg } = await import('@resvg/resvg-wasm');
    await initWasm(readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')));
    return Resvg;
  } catch (cause) {
    throw new MissingPackageError(operation, '@resvg/resvg-wasm', cause);
  }
}

async function load(operation: string) {
  const Resvg = await loadResvg(operation);
  return { Resvg, fontBuffers: fonts.map((file) => gunzipSync(readFileSync(file))) };
}

let loaded: ReturnType<typeof load> | undefined;

/** Draws a picture as PNG, for the operation that was called. */
export async function drawPng(operation: string, figure: Figure): Promise<Uint8Array> {
  loaded ??= load(operation).catch((error) => {
    loaded = undefined;
    throw error;
  });
  const { Resvg, fontBuffers } = await loaded;
  const drawing = new Resvg(await figure.toSvg(), {
    font: { fontBuffers, defaultFontFamily: fontFamily.split(',')[0]! },
    // Images keep their pixels.
    imageRendering: 1,
    fitTo: { mode: 'zoom', value: ZOOM },
  });
  const image = drawing.render();
  try {
    return image.asPng();
  } finally {
    image.free();
    drawing.free();
  }
}

const anyFigure = instance('a Figure', (value): value is Figure => value instanceof Figure);

/**
 * The picture as the bytes of a PNG file, the same on every machine: Myelin carries the font.
 *
 * @throws MissingPackageError if the optional package `@resvg/resvg-wasm` isn't installed
 */
export async function toPng(figure: Figure): Promise<Uint8Array> {
  checkOption('toPng', 'figure', anyFigure, figure);
  return drawPng('toPng', figure);
}
