import { percentDone } from '../core/percent.js';
import {
  eventLine,
  type OnEvent,
  type PartEvent,
  type PartPlace,
  type RecipeEvent,
  reportLines,
} from '../recipes/index.js';
import { text } from '../recipes/kit/events.js';
import { describeValues } from '../train/progress-bar.js';

/** What a run prints. */
export interface DisplayFlags {
  /** Show the result only. */
  readonly quiet?: boolean | undefined;
  /** Show each event as a line of JSON. */
  readonly json?: boolean | undefined;
}

/** Shows the events of a run. */
export interface Display {
  readonly show: OnEvent;
  /** Says that the run was stopped and how to continue it. */
  stopped(how: string): void;
  /** Shows whatever the result didn't get to show. */
  end(): void;
}

/** Shows a line with its label. */
export const showLine = (label: string, text: string): void => console.log(`${label.padEnd(9)} ${text}`);

const placeOf = ({ part, parts, name }: PartPlace): string =>
  `${String(part).padStart(String(parts).length)}/${parts}  ${name}`;

/** The line for a finished part of a study. */
const partLine = (event: PartEvent): string =>
  `${process.stdout.isTTY ? '\r\x1b[K' : ''}${placeOf(event)}  ${describeValues(event.numbers)}  ${event.seconds.toFixed(1)} s`;

/** Shows the progress of a part of a study on one line that it overwrites; only on a terminal. */
function showShare(place: PartPlace & { readonly share: number }): void {
  if (!process.stdout.isTTY) return;
  const line = `${placeOf(place)}  ${percentDone(place.share)}`;
  // A line that wraps couldn't be overwritten.
  const shown = line.slice(0, (process.stdout.columns || line.length + 1) - 1);
  process.stdout.write(`\r\x1b[K${shown}${place.share >= 1 ? '\r\x1b[K' : ''}`);
}

const json: Display = {
  show: (event) => console.log(eventLine(event)),
  stopped: (how) => console.log(eventLine(text('stopped', how))),
  end: () => {},
};

const quiet: Display = {
  show(event) {
    if (event.type === 'result') console.log(event.line);
  },
  stopped: (how) => console.log(`stopped ${how}`),
  end: () => {},
};

/** Human-readable lines; the progress bar shows the steps and epochs of a training. */
function lines(): Display {
  let pictures: string[] = [];
  const end = (): void => {
    if (pictures.length > 0) showLine('pictures', pictures.join(', '));
    pictures = [];
  };
  const show = (event: RecipeEvent): void => {
    switch (event.type) {
      case 'text':
        showLine(event.label, event.text);
        break;
      case 'progress':
        if (event.part) showShare(event.part);
        break;
      case 'part':
        console.log(partLine(event));
        break;
      case 'figure':
        pictures.push(event.name);
        break;
      case 'result':
        end();
        for (const line of reportLines(event.report ?? [])) console.log(line);
        console.log(event.line);
    }
  };
  return { show, stopped: quiet.stopped, end };
}

/** The display that the flags ask for. */
export const displayOf = (flags: DisplayFlags): Display =>
  flags.json ? json : flags.quiet ? quiet : lines();
