import { textWidth } from './font.js';
import type { Spec } from './spec.js';
import { config } from './theme.js';

/** How much wider than the plotting area a title may be, because of the legend, and how wide in any case. */
const [OVERHANG, NARROWEST] = [1.25, 240];

/** A text in lines that are at most this many pixels wide, unless a word is wider. */
function inLines(text: string, size: number, bold: boolean, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && textWidth(longer, size, bold) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

const asList = (text: unknown): string[] =>
  text === undefined ? [] : (Array.isArray(text) ? text : [text]).map(String);

/** One line is a text, several are a list. */
const plain = (lines: readonly string[]): string | readonly string[] =>
  lines.length === 1 ? lines[0]! : lines;

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** Width of a picture's plotting areas side by side, in pixels. */
export function widthOf({ width, concat, columns, spacing }: Spec): number {
  if (!Array.isArray(concat)) return numberOf(width);
  const inRow = numberOf(columns) || concat.length;
  const rows = Array.from({ length: Math.ceil(concat.length / inRow) }, (_, row) =>
    (concat as Spec[]).slice(row * inRow, (row + 1) * inRow),
  );
  return Math.max(
    ...rows.map((row) => row.reduce((sum, panel) => sum + widthOf(panel) + numberOf(spacing), 0)),
  );
}

/** The same specification, with its title and subtitles in lines no wider than the picture. */
export function withFittingTitle<S extends object>(spec: S): S {
  const { title } = spec as Spec;
  if (typeof title !== 'object' || title === null || !('text' in title)) return spec;
  const { text, subtitle, fontSize } = title as Spec;
  const width = Math.max(NARROWEST, OVERHANG * widthOf(spec as Spec));
  const sizes = config.title as { readonly fontSize: number; readonly subtitleFontSize: number };
  // Lines that were divided for a larger picture are joined first.
  const lines = inLines(asList(text).join(' '), numberOf(fontSize) || sizes.fontSize, true, width);
  const under = asList(subtitle).flatMap((line) => inLines(line, sizes.subtitleFontSize, false, width));
  return {
    ...spec,
    title: { ...title, text: plain(lines), ...(under.length === 0 ? {} : { subtitle: under }) },
  };
}
