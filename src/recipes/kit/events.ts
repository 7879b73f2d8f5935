import type { EpochReport, Progress } from '../../train/index.js';
import { detachTensors, requireTree, type State } from '../../train/state.js';
import type { Figure, Spec } from '../../viz/index.js';
import type { Report } from './report.js';

/** A line about what a recipe uses: its data, its model. */
export interface TextEvent {
  readonly type: 'text';
  /** What the line is about, in a word: `data`. */
  readonly label: string;
  readonly text: string;
}

/** The part of a study in progress. */
export interface PartPlace {
  /** Number of the part, from 1. */
  readonly part: number;
  readonly parts: number;
  readonly name: string;
}

/** The progress of a run. A training sends one before its first step and one after each step. */
export interface ProgressEvent {
  readonly type: 'progress';
  /** Share of the run that is done, from 0 to 1. */
  readonly share: number;
  /** In a recipe that is one training: its epoch, its step, and what the step measured. */
  readonly training?: Progress;
  /** In a study: the part in progress, and the share of it that is done. */
  readonly part?: PartPlace & { readonly share: number };
}

/** What an epoch of a training measured. */
export interface MetricsEvent extends EpochReport {
  readonly type: 'metrics';
}

/** A part of a study is done. */
export interface PartEvent extends PartPlace {
  readonly type: 'part';
  readonly seconds: number;
  readonly numbers: Readonly<Record<string, number>>;
}

/** A picture of what was trained. */
export interface FigureEvent {
  readonly type: 'figure';
  /** Unique in a run: the name of its file without the extension. */
  readonly name: string;
  readonly title: string;
  /** The picture as a Vega-Lite specification. */
  readonly spec: Spec;
}

/** How often examples of each class (row) were classified as each class (column). */
export interface Confusion {
  readonly matrix: readonly (readonly number[])[];
  readonly classes: readonly string[];
}

/** The outcome. */
export interface RecipeResult {
  /** In one line: `test accuracy: 99.12 %`. */
  readonly line: string;
  readonly numbers: Readonly<Record<string, number>>;
  /** What to read before the line: a table, what to look at. */
  readonly report?: Report;
  /** Of a classifier: how it did class by class. */
  readonly confusion?: Confusion;
}

/** The result of a run: its last event. */
export interface ResultEvent extends RecipeResult {
  readonly type: 'result';
}

/**
 * What a run reports along the way, distinguished by `type`. Events are plain data: a worker can post them, and `eventLine`
 * writes them as JSON.
 *
 * First come texts about data and model; then, while it trains, progress, and metrics after each epoch of a training or
 * a part after each part of a study; at the end figures, and last the result.
 */
export type RecipeEvent = TextEvent | ProgressEvent | MetricsEvent | PartEvent | FigureEvent | ResultEvent;

/** Takes events. The run awaits what it returns before it continues, so it may save a checkpoint. */
export type OnEvent = (event: RecipeEvent) => void | Promise<void>;

/** A line about what a recipe uses. */
export const text = (label: string, text: string): TextEvent => ({ type: 'text', label, text });

/** A picture as an event. JSON has no NaN: such values are null, which Vega leaves out as well. */
export const figureEvent = (name: string, { title, spec }: Figure): FigureEvent => ({
  type: 'figure',
  name,
  title,
  spec: JSON.parse(JSON.stringify(spec)) as Spec,
});

/**
 * An event as a line of JSON, where `{ "$number": "NaN" }` represents a number that JSON doesn't have.
 *
 * @throws ArgumentError for what JSON can't hold
 * @example
 * recipes.eventLine({ type: 'text', label: 'data', text: '200 points' });
 */
export function eventLine(event: RecipeEvent): string {
  requireTree('eventLine', 'event', event);
  return JSON.stringify(detachTensors(event as unknown as State).json);
}
