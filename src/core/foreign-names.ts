import { NameError } from './errors.js';
import { deviceHabit, type Habit, type Habits, hintOf } from './habits.js';
import { snakeCase } from './snake-case.js';

// A class answers PyTorch's names with errors that name ours: members of its prototype, so that nothing else
// gets slower. They aren't enumerable, and whoever defines such a member gets it.

/** The type of a member that only PyTorch has: what uses it doesn't compile, and the message says what to write. */
export interface WriteInstead<Ours extends string> {
  readonly instead: Ours;
}

/** What the answer to a name is in the name of: for an index, the method to call. */
const operationOf = (name: string, { ours }: Habit): string =>
  /^-?\d+$/.test(name) ? /\w+(?=\()/.exec(ours)![0] : name;

const answer = (operation: string, torch: string, habit: Habit): NameError =>
  new NameError(operation, `there's no ${torch} here${hintOf(habit)}`, habit.ours);

function define(prototype: object, name: string, isMethod: boolean, habit: Habit): void {
  const refuse = (): never => {
    throw answer(operationOf(name, habit), habit.torch, habit);
  };
  const member = isMethod ? { value: refuse, writable: true } : { get: refuse, set: refuse };
  Object.defineProperty(prototype, name, { ...member, configurable: true });
}

/** Makes the prototype of a class answer PyTorch's names for its members. */
export function answerHabits(prototype: object, habits: Habits): void {
  for (const [name, habit] of Object.entries(habits))
    define(prototype, name, habit.torch.endsWith(')'), habit);
}

/** Makes a method answer assignments, if PyTorch has an attribute of that name. */
export function answerAssignment(prototype: object, name: string, habit: Habit): void {
  const { value: method } = Object.getOwnPropertyDescriptor(prototype, name)!;
  const set = (): never => {
    throw answer(name, habit.torch, habit);
  };
  Object.defineProperty(prototype, name, { get: () => method, set, configurable: true });
}

/**
 * Makes a prototype answer PyTorch's spelling of its members: `masked_fill`.
 *
 * @param object what the class's objects are called in the answers
 * @param names members; those of the prototype unless others are given
 */
export function answerSnakeCase(
  prototype: object,
  object: string,
  names: readonly string[] = Object.getOwnPropertyNames(prototype),
): void {
  for (const name of names) {
    if (!/^[a-z]+\d?[A-Z][a-z]/.test(name)) continue;
    const isMethod = typeof Object.getOwnPropertyDescriptor(prototype, name)?.value === 'function';
    const call = isMethod ? '()' : '';
    const habit = { torch: `${object}.${snakeCase(name)}${call}`, ours: `${object}.${name}${call}` };
    define(prototype, snakeCase(name), isMethod, habit);
  }
}

/** @throws NameError for the name of one of PyTorch's devices */
export function refuseDevice(operation: string, target: unknown): void {
  if (typeof target === 'string' && /^(cpu|gpu|mps|cuda(:\d+)?)$/.test(target))
    throw answer(operation, `device '${target}'`, deviceHabit);
}
