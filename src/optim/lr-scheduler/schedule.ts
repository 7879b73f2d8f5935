import { describe, slip } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { answerSnakeCase } from '../../core/foreign-names.js';
import { checkOption, either, listOf, type Option } from '../../core/options.js';
import { within } from '../within.js';
import {
  checkLayout,
  readRates,
  readSettings,
  readSteps,
  type SchedulerState,
  writeSettings,
} from './state.js';

/** What schedules change and remember in a parameter group; PyTorch keeps it there, too. */
export interface SchedulableGroup {
  lr: number;
  /** The rate before any schedule. */
  initialLr?: number;
  /** OneCycleLR: the largest and the last rate. */
  maxLr?: number;
  minLr?: number;
  momentum?: number;
  betas?: readonly [number, number];
  /** OneCycleLR: momentum at the smallest and at the largest rate. */
  maxMomentum?: number;
  baseMomentum?: number;
  /** SWALR: the rate with which weights are averaged. */
  swaLr?: number;
}

/** What a schedule works on: an optimizer. */
export interface Schedulable {
  readonly paramGroups: readonly SchedulableGroup[];
}

/** A schedule that needs nothing but to be stepped. */
export interface Scheduler {
  readonly optimizer: Schedulable;
  step(): void;
  /** The rates that hold now, one a parameter group. */
  getLastLr(): number[];
  stateDict(): SchedulerState;
  loadStateDict(state: SchedulerState): void;
  /**
   * Checks a state, errors are `where`'s; gives what then takes it up.
   *
   * @param least the first step it may be at: −1 for a part of a SequentialLR whose turn is yet to come
   */
  readState(where: string, state: SchedulerState, least: number): () => void;
  /** Takes the initial step. For SequentialLR, as is what follows. */
  begin(): void;
  /** Takes the initial step back, but for the rates. */
  rewind(): void;
  /** Goes to its start, from the initial rates. */
  restart(): void;
}

export const ratesOf = ({ paramGroups }: Schedulable): number[] => paramGroups.map((group) => group.lr);

/** Gives each parameter group its rate. */
export function setRates({ paramGroups }: Schedulable, rates: readonly number[]): void {
  paramGroups.forEach((group, i) => {
    group.lr = rates[i]!;
  });
}

/** @throws ArgumentError for what has no rates to change */
export function requireOptimizer(owner: string, optimizer: Schedulable): void {
  if (!Array.isArray(optimizer?.paramGroups))
    throw new ArgumentError(
      owner,
      `needs the optimizer whose rates it changes, got ${describe(optimizer)}${slip(optimizer)}`,
    );
}

/** What may be given for all parameter groups, or for each. */
export const oneOrEach = <T, D extends T | undefined>(option: Option<T | D>) =>
  either(option, listOf(option, undefined));

/** `value` for each parameter group, or the values that are given for each. */
export function perGroup(
  owner: string,
  name: string,
  optimizer: Schedulable,
  value: number | readonly number[],
  option: Option<number>,
): number[] {
  requireOptimizer(owner, optimizer);
  checkOption(owner, name, oneOrEach(option), value);
  const { paramGroups } = optimizer;
  if (typeof value === 'number') return paramGroups.map(() => value);
  if (value.length !== paramGroups.length)
    throw new ArgumentError(
      owner,
      `${name} has ${value.length} values, the optimizer has ${paramGroups.length} parameter groups`,
    );
  return [...value];
}

/**
 * The values of parameter groups and of one that was added later, which has theirs.
 * @throws ArgumentError if the groups have values of their own
 */
export function extended<T>(owner: string, name: string, values: readonly T[]): readonly T[] {
  if (values.some((value) => value !== values[0]))
    throw new ArgumentError(
      owner,
      `a parameter group was added, and ${name} differs from group to group\n` +
        '  hint: make a new schedule after addParamGroup, with a value for each group',
    );
  return [...values, values[0]!];
}

/**
 * A schedule: a count of steps, and settings, which are what `stateDict` keeps. Functions among them
 * are not kept.
 */
export abstract class Schedule<S extends object> {
  /** Number of the step that the rates are for, from 0. */
  lastEpoch: number;
  protected readonly settings: S;

  constructor(
    /** The optimizer whose rates it sets. */
    readonly optimizer: Schedulable,
    settings: S,
    lastEpoch: number,
  ) {
    requireOptimizer(this.name, optimizer);
    this.check(settings);
    this.settings = settings;
    this.lastEpoch = lastEpoch;
  }

  protected get name(): string {
    return this.constructor.name;
  }

  /** Throws ArgumentError for a setting that makes no sense. */
  protected abstract check(settings: S): void;

  /** The rates that hold now, one for each parameter group. */
  getLastLr(): number[] {
    return ratesOf(this.optimizer);
  }

  /** The state under PyTorch's names. */
  stateDict(): SchedulerState {
    return { ...writeSettings(this.settings), last_epoch: this.lastEpoch, _last_lr: this.getLastLr() };
  }

  /** Settings that PyTorch's states lack. */
  protected get optionalSettings(): readonly string[] {
    return [];
  }

  /**
   * Goes on from a state, Myelin's or PyTorch's, and sets the rates that held when it was taken. What
   * else a schedule changes, the momentum, comes with the state of the optimizer. Nothing is changed unless
   * all of it fits.
   *
   * @throws ArgumentError for the state of another schedule, or for other parameter groups
   */
  loadStateDict(state: SchedulerState): void {
    this.readState(`${this.name}.loadStateDict`, state, 0)();
  }

  /** Reads a state, and returns what takes it on. For SequentialLR. */
  readState(where: string, state: SchedulerState, least: number): () => void {
    checkLayout(where, state);
    const { last_epoch: last, _last_lr: lrs } = state;
    if (last === undefined)
      throw new ArgumentError(where, `this is no state of a schedule: it has no last_epoch${slip(state)}`);
    const lastEpoch = readSteps(where, 'last_epoch', last, least);
    const { paramGroups } = this.optimizer;
    const rates = lrs === undefined ? null : readRates(where, '_last_lr', lrs, paramGroups.length);
    const settings = {
      ...this.settings,
      ...readSettings(where, this.settings, state, this.optionalSettings),
    };
    within(where, 'the state', () => this.check(settings));
    return () => {
      Object.assign(this.settings, settings);
      this.lastEpoch = lastEpoch;
      if (rates !== null) setRates(this.optimizer, rates);
    };
  }
}

answerSnakeCase(Schedule.prototype, 'scheduler', [
  ...Object.getOwnPropertyNames(Schedule.prototype),
  'lastEpoch',
]);
