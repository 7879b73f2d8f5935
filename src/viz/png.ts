import { host } from '#host';
import { HostError } from '../core/errors.js';
import type { Packages } from '../host/packages.js';
import type { Figure } from './figure.js';
import { fontFamily } from './font.js';
import type { Spec } from './spec.js';
import { svgOf } from './svg.js';

/** Pixels of the PNG per pixel of the SVG, to make pictures sharp on today's screens. */
const ZOOM = 2;

async function load(operation: string, packages: Packages) {
  return { Resvg: await packages.resvg(operation), fontBuffers: packages.fonts() };
}

let loaded: ReturnType<typeof load> | undefined;

/** Draws a picture as PNG, for the operation that the user called. */
export async function drawPng(operation: string, figure: Figure | Spec): Promise<Uint8Array> {
  if (host.packages === null)
    throw new HostError(operation, 'a browser draws SVG itself; use figure.toSvg()');
  loaded ??= load(operation, host.packages).catch((error) => {
    loaded = undefined;
    throw error;
  });
  const { Resvg, fontBuffers } = await loaded;
  const drawing = new Resvg(await svgOf(operation, figure), {
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

/**
 * A figure, or the Vega-Lite specification of one, as the bytes of a PNG file, the same on every machine: Myelin carries the font.
 *
 * @throws ArgumentError for anything else
 * @throws MissingPackageError if the optional package `@resvg/resvg-wasm` isn't installed
 */
export const toPng = (figure: Figure | Spec): Promise<Uint8Array> => drawPng('toPng', figure);
