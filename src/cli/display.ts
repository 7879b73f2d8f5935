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

/** How a run shows. */
export interface DisplayFlags {
  /** Show the result only. */
  readonly quiet?: boolean | undefined;
  /** Show each event as a line of JSON. */
  readonly json?: boolean | undefined;
}

/** Shows the events of a run. */
export interface Display {
  readonly show: OnEvent;
  /** Says that the run was stopped, and how it goes on. */
  stopped(how: string): void;
  /** Shows what there was no result to show with. */
  end(): void;
}

/** Shows a line with its label. */
export const showLine = (label: string, text: string): void => console.log(`${label.padEnd(9)} ${text}`);

const placeOf = ({ part, parts, name }: PartPlace): string =>
  `${String(part).padStart(String(parts).length)}/${parts}  ${name}`;

/** The line of a part of a study that is done. */
const partLine = (event: PartEvent): string =>
  `${process.stdout.isTTY ? '\r\x1b[K' : ''}${placeOf(event)}  ${describeValues(event.numbers)}  ${event.seconds.toFixed(1)} s`;

/** Shows how far the part of a study is: on one line of a terminal that it writes over, elsewhere not. */
function showShare(place: PartPlace & { readonly share: number }): void {
  if (!process.stdout.isTTY) return;
  const line = `${placeOf(place)}  ${Math.round(100 * place.share)} %`;
  // A line that wraps could not be written over.
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

/** Lines to read; the steps and epochs of a training are the progress bar's. */
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
