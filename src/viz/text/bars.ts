const eighths = [...' ▏▎▍▌▋▊▉█'];
const rising = [...' ▁▂▃▄▅▆▇█'];

/** A bar from left to right, `share` of `columns` long, to an eighth of a character. */
export function horizontalBar(share: number, columns: number): string {
  const length = Math.round(share * columns * 8);
  const rest = length % 8;
  return '█'.repeat((length - rest) / 8) + (rest === 0 ? '' : eighths[rest]!);
}

/** Bars that rise side by side, `highest` over all `rows`; lines from the top. */
export function risingBars(values: readonly number[], highest: number, rows: number): string[] {
  const heights = values.map((value) =>
    value <= 0 || highest <= 0 ? 0 : Math.max(1, Math.round((value / highest) * rows * 8)),
  );
  return Array.from({ length: rows }, (_, i) =>
    heights.map((height) => rising[Math.min(8, Math.max(0, height - (rows - 1 - i) * 8))]).join(''),
  );
}
