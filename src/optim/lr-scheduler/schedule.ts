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

/** What schedules change and remember in a parameter group, where PyTorch also keeps it. */
export interface SchedulableGroup {
  lr: number;
  /** The rate before any schedule. */
  initialLr?: number;
  /** OneCycleLR: the largest and the last rate. */
  maxLr?: number;
  minLr?: number;
  momentum?: number;
  betas?: readonly [number, number];
  /** OneCycleLR: momentum at the smallest and the largest rate. */
  maxMomentum?: number;
  baseMomentum?: number;
  /** SWALR: the rate used while weights are averaged. */
  swaLr?: number;
}

/** The optimizer that a schedule works on. */
export interface Schedulable {
  readonly paramGroups: readonly SchedulableGroup[];
}

/** A schedule whose `step` needs no arguments. */
export interface Scheduler {
  readonly optimizer: Schedulable;
  step(): void;
  /** The current rates, one per parameter group. */
  getLastLr(): number[];
  stateDict(): SchedulerState;
  loadStateDict(state: SchedulerState): void;
  /**
   * Checks a state, with errors named after `where`, and returns a function that applies it.
   *
   * @param least the smallest step it may be at: −1 for a part of a SequentialLR that hasn't had its turn
   */
  readState(where: string, state: SchedulerState, least: number): () => void;
  /** Takes the initial step. For SequentialLR, like the methods below. */
  begin(): void;
  /** Undoes the initial step, except for the rates. */
  rewind(): void;
  /** Returns to its start, from the initial rates. */
  restart(): void;
}

export const ratesOf = ({ paramGroups }: Schedulable): number[] => paramGroups.map((group) => group.lr);

/** Sets each parameter group's rate. */
export function setRates({ paramGroups }: Schedulable, rates: readonly number[]): void {
  paramGroups.forEach((group, i) => {
    group.lr = rates[i]!;
  });
}

/** @throws ArgumentError for a value without rates to change */
export function requireOptimizer(owner: string, optimizer: Schedulable): void {
  if (!Array.isArray(optimizer?.paramGroups))
    throw new ArgumentError(
      owner,
      `needs the optimizer whose rates to change, got ${describe(optimizer)}${slip(optimizer)}`,
    );
}

/** One value for all parameter groups, or one for each. */
export const oneOrEach = <T, D extends T | undefined>(option: Option<T | D>) =>
  either(option, listOf(option, undefined));

/** `value` for each parameter group, or the list of values given for them. */
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
      `${name} has ${value.length} values, but the optimizer has ${paramGroups.length} parameter groups`,
    );
  return [...value];
}

/**
 * The values of parameter groups, including one added later, which gets the same value.
 * @throws ArgumentError if the groups have different values
 */
export function extended<T>(owner: string, name: string, values: readonly T[]): readonly T[] {
  if (values.some((value) => value !== values[0]))
    throw new ArgumentError(
      owner,
      `a parameter group was added, but ${name} differs between groups\n` +
        '  hint: create a new schedule after addParamGroup, with a value for each group',
    );
  return [...values, values[0]!];
}

/**
 * A schedule: a step count and settings, which `stateDict` saves, except for functions.
 */
export abstract class Schedule<S extends object> {
  /** The step that the rates are for, from 0. */
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

  /** Throws ArgumentError for an invalid setting. */
  protected abstract check(settings: S): void;

  /** The current rates, one for each parameter group. */
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
   * Resumes from a state, Myelin's or PyTorch's, and restores the rates at the time it was saved. Momentum, which
   * some schedules also change, comes with the optimizer's state. If any part doesn't fit, nothing changes.
   *
   * @throws ArgumentError for the state of another schedule, or for different parameter groups
   */
  loadStateDict(state: SchedulerState): void {
    this.readState(`${this.name}.loadStateDict`, state, 0)();
  }

  /** Reads a state, and returns what takes it on. For SequentialLR. */
  readState(where: string, state: SchedulerState, least: number): () => void {
    checkLayout(where, state);
    const { last_epoch: last, _last_lr: lrs } = state;
    if (last === undefined)
      throw new ArgumentError(
        where,
        `this isn't the state of a schedule: it has no last_epoch${slip(state)}`,
      );
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
