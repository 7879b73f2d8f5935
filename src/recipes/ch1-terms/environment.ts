import { ArgumentError } from '../../index.js';
import { uniformsNow } from '../../ops/random/at-once.js';

/** What may follow an action. */
export interface Transition {
  readonly probability: number;
  readonly state: number;
  readonly reward: number;
  /** Whether the episode ends here. */
  readonly done: boolean;
}

export interface GridWorldOptions {
  /** Probability that a step goes to one of the two sides instead (default 0). */
  readonly slip?: number;
}

/** Row and column that each action moves by. */
const moves = [
  [-1, 0],
  [0, 1],
  [1, 0],
  [0, -1],
] as const;

/** Numbers uniform over [0, 1) from the default generator, drawn by the thousand. */
export class Uniforms {
  #values: ArrayLike<number> = [];
  #used = 0;

  next(): number {
    if (this.#used === this.#values.length) {
      this.#values = uniformsNow(1024, 'float64');
      this.#used = 0;
    }
    return this.#values[this.#used++]!;
  }

  /** Draws one of several outcomes. */
  pick(probabilities: readonly number[]): number {
    let left = this.next();
    let last = 0;
    for (let i = 0; left >= 0 && i < probabilities.length; i++) {
      if (probabilities[i]! > 0) last = i;
      left -= probabilities[i]!;
    }
    return last;
  }
}

/**
 * The environment that an agent acts in: a grid of cells seen from above. The states are the cells
 * that aren't walls; the actions are the steps up, right, down, and left; a step into a wall or the
 * border leaves the agent in place. The reward is +1 at the goal and −1 in a pit, where the episode
 * ends, and 0 everywhere else.
 *
 * The map has one line per row: `S` start, `G` goal, `X` pit, `#` wall, `.` floor.
 *
 * @throws ArgumentError for a map without exactly one start, or with unequal rows
 * @source notes 1.3 (reinforcement learning)
 */
export class GridWorld {
  static readonly arrows = ['↑', '→', '↓', '←'] as const;
  readonly rows: number;
  readonly columns: number;
  /** Number of states. */
  readonly states: number;
  readonly start: number;
  readonly slip: number;
  /** Row and column of each state. */
  readonly places: readonly (readonly [row: number, column: number])[];
  readonly #map: readonly string[];
  readonly #stateAt = new Map<string, number>();
  /** What may follow each action in each state. */
  readonly #model: readonly (readonly (readonly Transition[])[])[];
  readonly #random = new Uniforms();
  #state: number;

  constructor(map: readonly string[], { slip = 0 }: GridWorldOptions = {}) {
    this.#map = map;
    this.rows = map.length;
    this.columns = map[0]?.length ?? 0;
    this.slip = slip;
    if (map.some((row) => row.length !== this.columns))
      throw new ArgumentError('GridWorld', 'the rows of the map must all have the same length');
    const places: [number, number][] = [];
    const starts: number[] = [];
    for (const [r, row] of map.entries())
      for (const [c, cell] of [...row].entries()) {
        if (cell === '#') continue;
        if (cell === 'S') starts.push(places.length);
        this.#stateAt.set(`${r},${c}`, places.length);
        places.push([r, c]);
      }
    if (starts.length !== 1)
      throw new ArgumentError('GridWorld', `the map must have one start S, not ${starts.length}`);
    this.places = places;
    this.states = places.length;
    this.start = starts[0]!;
    this.#state = this.start;
    this.#model = places.map((_, s) => GridWorld.arrows.map((_, action) => this.#transitions(s, action)));
  }

  /** The map's character at a state. */
  cell(state: number): string {
    const [row, column] = this.places[state]!;
    return this.#map[row]![column]!;
  }

  /** Whether an episode ends at a state. */
  isEnd(state: number): boolean {
    return this.cell(state) === 'G' || this.cell(state) === 'X';
  }

  /** Steps to the goal if there were no walls. */
  distance(state: number): number {
    const goal = this.places.find((_, s) => this.cell(s) === 'G')!;
    const [row, column] = this.places[state]!;
    return Math.abs(row - goal[0]) + Math.abs(column - goal[1]);
  }

  #arrive(state: number, action: number): Omit<Transition, 'probability'> {
    const [row, column] = this.places[state]!;
    const [down, right] = moves[action]!;
    const next = this.#stateAt.get(`${row + down},${column + right}`) ?? state;
    const cell = this.cell(next);
    return { state: next, reward: cell === 'G' ? 1 : cell === 'X' ? -1 : 0, done: this.isEnd(next) };
  }

  #transitions(state: number, action: number): Transition[] {
    const side = this.slip / 2;
    return [
      { probability: 1 - this.slip, ...this.#arrive(state, action) },
      { probability: side, ...this.#arrive(state, (action + 1) % 4) },
      { probability: side, ...this.#arrive(state, (action + 3) % 4) },
    ];
  }

  /** The model of the world, which an agent that learns from experience doesn't know. */
  transitions(state: number, action: number): readonly Transition[] {
    return this.#model[state]![action]!;
  }

  /** Begins an episode; returns the state. */
  reset(): number {
    this.#state = this.start;
    return this.#state;
  }

  /** Takes an action; returns what follows. */
  step(action: number): Transition {
    const possible = this.transitions(this.#state, action);
    const transition = possible[this.#random.pick(possible.map(({ probability }) => probability))]!;
    this.#state = transition.state;
    return transition;
  }
}

/** Σₛ′ P(s′ | s, a) · (r + γ V(s′)): the value of an action if the values of the states after it are V. */
export function actionValue(
  world: GridWorld,
  values: ArrayLike<number>,
  gamma: number,
  state: number,
  action: number,
): number {
  let sum = 0;
  for (const { probability, reward, done, state: next } of world.transitions(state, action))
    sum += probability * (reward + (done ? 0 : gamma * values[next]!));
  return sum;
}

/** Repeats V(s) ← update(s, V) over all states that aren't final, until nothing changes. */
function fixedPoint(world: GridWorld, update: (state: number, values: Float64Array) => number): Float64Array {
  const values = new Float64Array(world.states);
  for (let change = 1; change > 1e-10; ) {
    change = 0;
    for (let s = 0; s < world.states; s++) {
      if (world.isEnd(s)) continue;
      const value = update(s, values);
      change = Math.max(change, Math.abs(value - values[s]!));
      values[s] = value;
    }
  }
  return values;
}

/** V*(s) = maxₐ Σₛ′ P(s′ | s, a) · (r + γ V*(s′)), by value iteration over the known model. */
export const optimalValues = (world: GridWorld, gamma: number): Float64Array =>
  fixedPoint(world, (s, values) =>
    Math.max(...GridWorld.arrows.map((_, action) => actionValue(world, values, gamma, s, action))),
  );

/** Expected return of a policy from each state. @param policy probability of each action in each state */
export const policyValues = (
  world: GridWorld,
  policy: readonly (readonly number[])[],
  gamma: number,
): Float64Array =>
  fixedPoint(world, (s, values) =>
    policy[s]!.reduce((sum, p, action) => sum + p * actionValue(world, values, gamma, s, action), 0),
  );
