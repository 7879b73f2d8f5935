import * as F from '../../functional.js';
import { eye, noGrad, tensor, tidy } from '../../index.js';
import * as nn from '../../nn/index.js';
import * as optim from '../../optim/index.js';
import { heatmap, lineChart, panels } from '../../viz/index.js';
import {
  defineRecipe,
  type Part,
  type PartProgress,
  type PartResult,
  percent,
  study,
  table,
  text,
} from '../kit/index.js';
import { actionValue, GridWorld, optimalValues, policyValues, Uniforms } from './environment.js';

/** Worlds to walk in; in the large one, chance alone hardly ever reaches the goal. */
export const maps = {
  small: ['S...X.', '.##...', '...#X.', '.#....', '...#..', 'X....G'],
  large: ['S.......', '.##.#.X.', '...X#...', '.#....#.', '.#.X.#..', '...#..X.', '.X...#..', '...X...G'],
};

const ACTIONS = GridWorld.arrows.length;
/** Steps after which an unfinished episode is abandoned. */
const LONGEST = 100;
/** Episodes between two evaluations of the policy. */
const EVERY = 50;

type Policy = readonly (readonly number[])[];

interface Learned extends PartResult {
  /** Probability of each action in each state. */
  readonly policy: Policy;
  /** Discounted return of each episode, as earned while learning. */
  readonly returns: readonly number[];
  /** Expected return of the policy after each `EVERY` episodes. */
  readonly values: readonly number[];
  /** First episode that reached the goal. */
  readonly firstGoal: number;
}

interface Task {
  readonly world: GridWorld;
  readonly gamma: number;
  readonly episodes: number;
  readonly lr: number;
  /** What Q-learning assumes an untried action is worth. */
  readonly optimism: number;
  /** Bonus added to the reward of a step. */
  readonly bonus: (state: number, next: number, done: boolean) => number;
}

interface Step {
  readonly state: number;
  readonly action: number;
  /** What the world gave. */
  readonly reward: number;
  /** The same, with the bonus of the task. */
  readonly praise: number;
}

/** r₀ + γ r₁ + γ² r₂ + … from each step on. */
function returnsOf(rewards: readonly number[], gamma: number): number[] {
  const out = new Array<number>(rewards.length).fill(0);
  let sum = 0;
  for (let t = rewards.length - 1; t >= 0; t--) {
    sum = rewards[t]! + gamma * sum;
    out[t] = sum;
  }
  return out;
}

/** Records the progress of a learner. */
class Diary {
  readonly returns: number[] = [];
  readonly values: number[] = [];
  #firstGoal = 0;

  constructor(
    readonly task: Task,
    readonly progress: PartProgress,
  ) {}

  /** Share of the learning that is done, from 0 to 1. */
  get share(): number {
    return this.returns.length / this.task.episodes;
  }

  /** Whether there's another episode to come. */
  get goesOn(): boolean {
    return this.share < 1;
  }

  /** Records an episode. @param policy the current policy */
  async add(rewards: readonly number[], policy: () => Policy | Promise<Policy>): Promise<void> {
    const { world, gamma } = this.task;
    this.returns.push(returnsOf(rewards, gamma)[0]!);
    if (this.#firstGoal === 0 && rewards.at(-1)! > 0) this.#firstGoal = this.returns.length;
    if (this.returns.length % EVERY !== 0) return;
    this.values.push(policyValues(world, await policy(), gamma)[world.start]!);
    await this.progress(this.share);
  }

  learned(policy: Policy): Learned {
    const { world, gamma } = this.task;
    return {
      numbers: { return: policyValues(world, policy, gamma)[world.start]! },
      policy,
      returns: this.returns,
      values: this.values,
      firstGoal: this.#firstGoal,
    };
  }
}

/** Three digits, and no −0.000. */
const fixed = (value: number): string => Number(value.toFixed(3)).toFixed(3);

const argmax = (values: readonly number[]): number => values.indexOf(Math.max(...values));

/** The policy that always takes the best action. */
const greedy = (values: Policy): Policy =>
  values.map((row) => row.map((_, action) => (action === argmax(row) ? 1 : 0)));

/**
 * A table of what each action in each state is worth, corrected after every step:
 *
 * Q(s, a) ← Q(s, a) + α (r + γ maxₐ′ Q(s′, a′) − Q(s, a))
 *
 * The agent takes the best action it knows or, with a probability ε that falls from 1 to 0.05 over the
 * first half, a random one. @source Watkins and Dayan 1992, doi:10.1007/BF00992698
 */
async function qLearning(task: Task, progress: PartProgress): Promise<Learned> {
  const { world, gamma, bonus, optimism } = task;
  const alpha = 0.2;
  const q = Array.from({ length: world.states }, () => new Array<number>(ACTIONS).fill(optimism));
  const random = new Uniforms();
  const diary = new Diary(task, progress);
  while (diary.goesOn) {
    const epsilon = Math.max(0.05, 1 - 2 * diary.share);
    const rewards: number[] = [];
    let state = world.reset();
    for (let t = 0; t < LONGEST; t++) {
      const explores = random.next() < epsilon;
      const action = explores ? Math.floor(ACTIONS * random.next()) : argmax(q[state]!);
      const { state: next, reward, done } = world.step(action);
      const future = done ? 0 : Math.max(...q[next]!);
      const target = reward + bonus(state, next, done) + gamma * future;
      q[state]![action]! += alpha * (target - q[state]![action]!);
      rewards.push(reward);
      state = next;
      if (done) break;
    }
    await diary.add(rewards, () => greedy(q));
  }
  return diary.learned(greedy(q));
}

/**
 * A network gives the probabilities π(a | s) of the actions. They play whole episodes; then
 * each action that earned more than the baseline b(s), a second network's guess, becomes likelier:
 *
 * loss = −mean log π(aₜ | sₜ) · (Gₜ − b(sₜ)) + mean (Gₜ − b(sₜ))² − c · entropy of π,
 * Gₜ = rₜ + γ rₜ₊₁ + …
 *
 * The entropy keeps it curious before it has found the goal; c falls from 0.02 to 0.
 *
 * @source Williams 1992, doi:10.1007/BF00992696; Sutton and Barto, Reinforcement Learning, 13.4
 */
async function reinforce(task: Task, progress: PartProgress): Promise<Learned> {
  const { world, gamma, lr, bonus } = task;
  const batch = 10;
  const network = (outputs: number): nn.Sequential =>
    new nn.Sequential(new nn.Linear(world.states, 32), new nn.Tanh(), new nn.Linear(32, outputs));
  const actor = network(ACTIONS);
  const baseline = network(1);
  const optimizer = new optim.Adam([...actor.parameters(), ...baseline.parameters()], { lr });
  const states = eye(world.states); // one row per state
  const random = new Uniforms();
  const diary = new Diary(task, progress);

  const policyNow = async (): Promise<Policy> =>
    (await noGrad(() => tidy(() => actor.forward(states).softmax(1))).toArray()) as number[][];
  const play = (policy: Policy): Step[] => {
    const steps: Step[] = [];
    let state = world.reset();
    for (let t = 0; t < LONGEST; t++) {
      const action = random.pick(policy[state]!);
      const { state: next, reward, done } = world.step(action);
      steps.push({ state, action, reward, praise: reward + bonus(state, next, done) });
      state = next;
      if (done) break;
    }
    return steps;
  };
  const learn = (episodes: readonly Step[][], curiosity: number): void => {
    const steps = episodes.flat();
    const earned = episodes.flatMap((episode) =>
      returnsOf(
        episode.map((step) => step.praise),
        gamma,
      ),
    );
    const at = tensor(
      Int32Array.from(steps, (step) => step.state),
      [steps.length],
    );
    const actions = tensor(
      Int32Array.from(steps, (step) => step.action),
      [steps.length],
    );
    const returns = tensor(Float32Array.from(earned), [steps.length]);
    const logits = actor.forward(states).indexSelect(0, at); // (steps, actions)
    const guess = baseline.forward(states).flatten().indexSelect(0, at); // (steps)
    const advantage = returns.sub(guess.detach());
    const surprise = F.crossEntropy(logits, actions, { reduction: 'none' }); // −log π(a | s)
    const entropy = logits.softmax(1).mul(logits.logSoftmax(1)).sum(1).mean().neg();
    const loss = surprise.mul(advantage).mean().add(F.mseLoss(guess, returns)).sub(entropy.mul(curiosity));
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
  };

  while (diary.goesOn) {
    const policy = await policyNow();
    const episodes = Array.from({ length: batch }, () => play(policy));
    for (const episode of episodes)
      await diary.add(
        episode.map((step) => step.reward),
        policyNow,
      );
    tidy(() => learn(episodes, 0.02 * (1 - diary.share)));
  }
  return diary.learned(await policyNow());
}

/** The learned policy over the values of its states: an arrow in each cell. */
const policyPicture = (world: GridWorld, title: string, policy: Policy, values: ArrayLike<number>) => {
  const paint = <T>(nothing: T, of: (state: number) => T): T[][] => {
    const cells = Array.from({ length: world.rows }, () => new Array<T>(world.columns).fill(nothing));
    for (const [state, [row, column]] of world.places.entries()) cells[row]![column] = of(state);
    return cells;
  };
  const mark = (state: number): string =>
    world.cell(state) === 'G' ? 'goal' : world.cell(state) === 'X' ? 'pit' : '';
  return heatmap(
    paint(0, (state) => ({ G: 1, X: -1 })[world.cell(state)] ?? values[state]!),
    { title, labels: paint('wall', (state) => mark(state) || GridWorld.arrows[argmax(policy[state]!)]!) },
  );
};

/** Means over the last `width` numbers, one for each `EVERY`. */
function smoothed(values: readonly number[], width: number): { x: number[]; y: number[] } {
  const x: number[] = [];
  const y: number[] = [];
  for (let end = EVERY; end <= values.length; end += EVERY) {
    const recent = values.slice(Math.max(0, end - width), end);
    x.push(end);
    y.push(recent.reduce((a, b) => a + b, 0) / recent.length);
  }
  return { x, y };
}

export const gridworld = defineRecipe({
  name: 'gridworld',
  section: '1.3',
  title: 'Reinforcement learning: an agent finds its way with rewards only at the end of an episode',
  about:
    'An agent walks on a grid with walls and pits. It sees where it is (state), steps up, right, down, or ' +
    'left (action), and is told nothing until it falls into a pit (reward −1) or reaches the goal (+1); the ' +
    'ground is slippery, so a step may go sideways. Two learners start out knowing nothing about the map: ' +
    'Q-learning keeps a table of what each action is worth, and REINFORCE trains a network that gives the ' +
    'probabilities of the actions, against a baseline. Because the map is small, value iteration over the ' +
    'known rules gives the best return any policy can have, and both learners come close to it. Try --slip 0 ' +
    'and --slip 0.4 (does the path stay away from the pits?), --gamma 0.8 (a far goal is worth little), and ' +
    "--map large, where chance alone doesn't find the goal: both learn only to avoid the pits. Does " +
    '--optimism 1, which makes untried actions look good, help there? Does --reward shaped, which gives a ' +
    'hint after every step?',
  options: {
    episodes: { kind: 'integer', default: 4000, min: EVERY, help: 'episodes to learn from' },
    gamma: {
      kind: 'number',
      default: 0.95,
      above: 0,
      max: 0.999,
      help: 'what a reward is worth one step later',
    },
    slip: { kind: 'number', default: 0.1, min: 0, max: 0.9, help: 'probability that a step goes sideways' },
    lr: { kind: 'number', default: 0.02, above: 0, max: 1, help: 'learning rate of REINFORCE' },
    optimism: {
      kind: 'number',
      default: 0,
      min: 0,
      max: 1,
      help: 'what Q-learning assumes an untried action is worth',
    },
    map: { kind: 'choice', default: 'small', choices: ['small', 'large'], help: 'which world' },
    reward: {
      kind: 'choice',
      default: 'sparse',
      choices: ['sparse', 'shaped'],
      help: 'at the end only, or with a hint after every step',
    },
  },

  async prepare(context) {
    const { episodes, gamma, slip, lr, reward, optimism, map } = context.options;
    const newWorld = (): GridWorld => new GridWorld(maps[map], { slip });
    const world = newWorld();
    // Such hints don't change the best policy. Ng, Harada and Russell 1999, Policy invariance.
    const closeness = (state: number): number => 1 - world.distance(state) / (world.rows + world.columns);
    const hint: Task['bonus'] = (state, next, done) =>
      (done ? 0 : gamma * closeness(next)) - closeness(state);
    const bonus = reward === 'shaped' ? hint : () => 0;
    const task = { gamma, episodes, lr, optimism, bonus };

    const best = optimalValues(world, gamma);
    const optimum = best[world.start]!;
    const values = (state: number): number[] =>
      GridWorld.arrows.map((_, action) => actionValue(world, best, gamma, state, action));
    const bestPolicy = greedy(world.places.map((_, state) => values(state)));
    const chance = world.places.map(() => new Array<number>(ACTIONS).fill(1 / ACTIONS));
    const byChance = policyValues(world, chance, gamma)[world.start]!;
    await context.emit(
      text('world', `${world.states} states, ${ACTIONS} actions; the best return is ${fixed(optimum)}`),
    );

    const parts: readonly Part<Learned>[] = [
      { name: 'Q-learning', run: (progress) => qLearning({ ...task, world: newWorld() }, progress) },
      { name: 'REINFORCE', run: (progress) => reinforce({ ...task, world: newWorld() }, progress) },
    ];
    return study(context, {
      parts,
      conclude(results) {
        const near = ({ values }: Learned): string => {
          const found = values.findIndex((value) => value >= 0.95 * optimum);
          return found < 0 ? 'never' : String((found + 1) * EVERY);
        };
        const rows = results.map((result, i) => [
          parts[i]!.name,
          result.firstGoal || 'never',
          near(result),
          fixed(result.numbers.return!),
          percent(result.numbers.return! / optimum),
        ]);
        const [q, r] = results.map(({ numbers }) => numbers.return!);
        return {
          numbers: { qLearning: q!, reinforce: r!, optimum },
          line: `expected return: Q-learning ${fixed(q!)}, REINFORCE ${fixed(r!)}, best possible ${fixed(optimum)}`,
          report: [
            table(
              ['', 'first goal in episode', 'near the best after', 'expected return', 'of the best'],
              [
                ['steps by chance', '', '', fixed(byChance), ''],
                ...rows,
                ['value iteration', '', '', fixed(optimum), percent(1)],
              ],
            ),
            `The return is γᵗ for a goal reached after t + 1 steps, −γᵗ for a pit, with γ = ${gamma}. Value`,
            'iteration knows the rules of the world; the two learners only saw what came of their actions, and',
            'may be wrong about cells off their path.',
          ],
        };
      },
      async pictures(results) {
        const curves = results.map(({ returns }, i) => ({ name: parts[i]!.name, ...smoothed(returns, 100) }));
        const ends = [EVERY, Math.max(...curves.flatMap(({ x }) => x))];
        return [
          {
            name: 'learning',
            figure: lineChart([...curves, { name: 'best', x: ends, y: [optimum, optimum], dashed: true }], {
              title: 'What is earned while learning',
              subtitle: 'Exploring has a price: Q-learning still takes 5 % of its steps at random',
              xLabel: 'Episode',
              yLabel: 'Discounted return, mean over 100 episodes',
            }),
          },
          {
            name: 'policies',
            figure: panels(
              [
                policyPicture(world, 'Value iteration', bestPolicy, best),
                ...results.map(({ policy }, i) =>
                  policyPicture(world, parts[i]!.name, policy, policyValues(world, policy, gamma)),
                ),
              ],
              { title: 'Best action in each cell, and what the cell is worth', columns: 3 },
            ),
          },
        ];
      },
    });
  },
});
