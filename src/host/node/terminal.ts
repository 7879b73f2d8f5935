import { Presets, SingleBar } from '../../third-party/cli-progress.js';
import type { LiveLine, Terminal } from '../host.js';

/** A line that hides the cursor while it changes. */
function newLine(): LiveLine {
  const display = new SingleBar(
    {
      format: (_options, _params, { line }) => line,
      hideCursor: true,
      clearOnComplete: true,
      linewrap: false,
    },
    Presets.shades_classic,
  );
  return {
    get isActive() {
      return display.isActive;
    },
    show(line) {
      if (display.isActive) display.update(0, { line });
      else display.start(1, 0, { line });
    },
    clear: () => display.stop(),
  };
}

const watched: Terminal = {
  columns: () => process.stderr.columns || Number.POSITIVE_INFINITY,
  newLine,
};

export const terminal = (): Terminal | null =>
  process.stderr.isTTY && process.stdout.isTTY ? watched : null;
