import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { checkOption, instance } from '../core/options.js';
import { Figure } from './figure.js';
import { fontFamily } from './font.js';

/** Pixels of the PNG for a pixel of the SVG: pictures are sharp on today's screens. */
const ZOOM = 2;

const file = (name: string): Uint8Array => readFileSync(createRequire(import.meta.url).resolve(name));

async function load() {
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm');
  await initWasm(file('@resvg/resvg-wasm/index_bg.wasm'));
  const fontBuffers = ['', '-Bold'].map((face) => file(`dejavu-fonts-ttf/ttf/DejaVuSans${face}.ttf`));
  return { Resvg, fontBuffers };
}

const anyFigure = instance('a Figure', (value): value is Figure => value instanceof Figure);

let loaded: ReturnType<typeof load> | undefined;

/** The picture as the bytes of a PNG file, the same on every machine: the font is carried along. */
export async function toPng(figure: Figure): Promise<Uint8Array> {
  checkOption('toPng', 'figure', anyFigure, figure);
  loaded ??= load();
  const [svg, { Resvg, fontBuffers }] = await Promise.all([figure.toSvg(), loaded]);
  const drawing = new Resvg(svg, {
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
