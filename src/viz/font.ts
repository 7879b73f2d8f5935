/** DejaVu Sans, or Verdana if it's missing: both come from Bitstream Vera and are equally wide. */
export const fontFamily = 'DejaVu Sans, Verdana, sans-serif';

/** Advance widths of DejaVu Sans from space to tilde, in thousandths of the font size. */
export const asciiWidths: readonly number[] = [
  318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636,
  636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295,
  295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838,
  500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521,
  392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
];

const LETTER = 660;
const IDEOGRAPH = 1000;
/** Bold letters are wider by about this factor. */
const BOLD = 1.12;

/** Width of a text in pixels. */
export function textWidth(text: string, size: number, bold = false): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    width += asciiWidths[code - 0x20] ?? (code < 0x2e80 ? LETTER : IDEOGRAPH);
  }
  return (width / 1000) * size * (bold ? BOLD : 1);
}
