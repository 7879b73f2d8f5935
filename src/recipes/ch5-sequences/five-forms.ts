import * as F from '../../functional.js';
import { cat, full, Generator, randint, type Tensor, tensor, tidy } from '../../index.js';
import * as nn from '../../nn/index.js';
import * as optim from '../../optim/index.js';
import { barChart } from '../../viz/index.js';
import {
  defineRecipe,
  type PartProgress,
  type PartResult,
  percent,
  study,
  table,
  text,
} from '../kit/index.js';
import {
  BOS,
  DIGITS,
  digitIds,
  digitsText,
  endings,
  LETTERS,
  lettersOf,
  type NamedDigits,
  namedDigits,
  PAD,
  type Spelled,
  spell,
  spelledNumbers,
  unspell,
  written,
} from './digit-names.js';

/** Units of every layer. */
const HIDDEN = 64;
const BATCH = 64;
/** Digits in the longest sequence. */
const LONGEST = 4;
const [TRAIN, TEST] = [2000, 400];

type Example = readonly [input: string, output: string, wanted: string];

interface Result extends PartResult {
  /** What went in, what came out, and what should have: a few of each. */
  readonly examples: readonly Example[];
}

/** Which training examples are in a batch. */
type Rows = readonly number[];

/** One of the five forms: a network, its loss on some training examples, and what it answers to those for testing. */
interface Form extends nn.Module {
  loss(rows: Rows): Tensor;
  answers(): Promise<readonly Example[]>;
}

/** Writes a sequence from a state: at each step the symbol before goes in, and the next comes out. */
class Writer extends nn.Module {
  readonly embedding: nn.Embedding;
  readonly rnn = new nn.GRU(HIDDEN, HIDDEN, { batchFirst: true });
  readonly output: nn.Linear;

  constructor(symbols: number) {
    super();
    this.embedding = new nn.Embedding(symbols, HIDDEN);
    this.output = new nn.Linear(HIDDEN, symbols);
  }

  /** Scores of all next symbols, given the true ones before (teacher forcing). @shape (N, L), (1, N, H) → (N, L, V) */
  override forward(ids: Tensor, state: Tensor): Tensor {
    return this.output.forward(this.rnn.forward(this.embedding.forward(ids), state)[0]);
  }

  /** Writes with its own symbols, the likeliest at each step. @shape (1, N, H) → N lists */
  async write(state: Tensor, longest: number): Promise<number[][]> {
    const symbols: Tensor[] = [];
    let [ids, h] = [full([state.shape[1]!, 1], BOS, { dtype: 'int32' }), state];
    for (let step = 0; step < longest; step++) {
      const [out, next] = this.rnn.forward(this.embedding.forward(ids), h);
      [ids, h] = [this.output.forward(out).argmax(2), next];
      symbols.push(ids);
    }
    return (await cat(symbols, 1).toArray()) as number[][];
  }
}

/** The loss of a writer, without that of padding. */
const writingLoss = (logits: Tensor, target: Tensor): Tensor =>
  F.crossEntropy(logits.flatten(0, 1), target.flatten(), { ignoreIndex: PAD });

/** Reads letters. */
class LetterReader extends nn.Module {
  readonly embedding = new nn.Embedding(LETTERS, HIDDEN);
  readonly rnn = new nn.GRU(HIDDEN, HIDDEN, { batchFirst: true });

  /** @shape → states at every letter (N, L, H), and after the last one (1, N, H) */
  override forward(batch: readonly Spelled[]): [states: Tensor, last: Tensor] {
    const { ids, lengths } = lettersOf(batch);
    return this.rnn.forward(this.embedding.forward(ids), null, { lengths });
  }
}

const pick = <T>(list: readonly T[], rows: Rows): T[] => rows.map((row) => list[row]!);
const indices = (rows: Rows): Tensor => tensor([...rows], { dtype: 'int32' });

interface Images {
  readonly train: NamedDigits;
  readonly test: NamedDigits;
}

const imageEncoder = (): nn.Sequential => new nn.Sequential(new nn.Linear(784, HIDDEN), new nn.Tanh());

/** An image → its digit: no sequence at all. */
class OneToOne extends nn.Module implements Form {
  readonly encoder = imageEncoder();
  readonly fc = new nn.Linear(HIDDEN, 10);

  constructor(private readonly data: Images) {
    super();
  }

  override forward(images: Tensor): Tensor {
    return this.fc.forward(this.encoder.forward(images));
  }

  loss(rows: Rows): Tensor {
    const { images, labels } = this.data.train;
    const at = indices(rows);
    return F.crossEntropy(this.forward(images.indexSelect(0, at)), labels.indexSelect(0, at));
  }

  async answers(): Promise<Example[]> {
    const { images, labels, names } = this.data.test;
    const [guesses, digits] = await Promise.all([this.forward(images).argmax(1).data(), labels.data()]);
    return names.map((name, i) => [`an image of ${name}`, String(guesses[i]), String(digits[i])]);
  }
}

/** An image → its name, letter by letter, as a caption is written. */
class OneToMany extends nn.Module implements Form {
  readonly encoder = imageEncoder();
  readonly writer = new Writer(LETTERS);

  constructor(private readonly data: Images) {
    super();
  }

  override forward(images: Tensor): Tensor {
    return this.encoder.forward(images).unsqueeze(0); // (1, N, H)
  }

  loss(rows: Rows): Tensor {
    const { images, names } = this.data.train;
    const [input, target] = written(pick(names, rows).map(spell));
    const state = this.forward(images.indexSelect(0, indices(rows)));
    return writingLoss(this.writer.forward(input, state), target);
  }

  async answers(): Promise<Example[]> {
    const { images, names } = this.data.test;
    const written = await this.writer.write(this.forward(images), 6);
    return names.map((name, i) => [`an image of ${name}`, unspell(written[i]!), name]);
  }
}

interface Numbers {
  readonly train: readonly Spelled[];
  readonly test: readonly Spelled[];
}

/** The letters of several names → the largest digit among them: one answer after the last letter. */
class ManyToOne extends nn.Module implements Form {
  readonly reader = new LetterReader();
  readonly fc = new nn.Linear(HIDDEN, 10);

  constructor(private readonly data: Numbers) {
    super();
  }

  override forward(batch: readonly Spelled[]): Tensor {
    return this.fc.forward(this.reader.forward(batch)[1].select(0, 0));
  }

  loss(rows: Rows): Tensor {
    const batch = pick(this.data.train, rows);
    return F.crossEntropy(this.forward(batch), indices(batch.map(({ digits }) => Math.max(...digits))));
  }

  async answers(): Promise<Example[]> {
    const guesses = await this.forward(this.data.test).argmax(1).data();
    return this.data.test.map(({ text, digits }, i) => [
      text,
      String(guesses[i]),
      String(Math.max(...digits)),
    ]);
  }
}

/** The letters of several names → for each letter, whether a name ends with it: an answer at every step. */
class ManyToManyAligned extends nn.Module implements Form {
  readonly reader = new LetterReader();
  readonly fc = new nn.Linear(HIDDEN, 2);

  constructor(private readonly data: Numbers) {
    super();
  }

  override forward(batch: readonly Spelled[]): Tensor {
    return this.fc.forward(this.reader.forward(batch)[0]); // (N, L, 2)
  }

  loss(rows: Rows): Tensor {
    const batch = pick(this.data.train, rows);
    return F.crossEntropy(this.forward(batch).flatten(0, 1), endings(batch).flatten(), { ignoreIndex: -1 });
  }

  async answers(): Promise<Example[]> {
    const { test } = this.data;
    const [guesses, truth] = (await Promise.all([
      this.forward(test).argmax(2).toArray(),
      endings(test).toArray(),
    ])) as [number[][], number[][]];
    const split = (text: string, ends: readonly number[]): string =>
      [...text]
        .map((letter, i) => (ends[i] === 1 ? `${letter} ` : letter))
        .join('')
        .trim();
    return test.map(({ text }, i) => [text, split(text, guesses[i]!), split(text, truth[i]!)]);
  }
}

/** The letters of several names → their digits: read first, then write, as in translation. */
class ManyToMany extends nn.Module implements Form {
  readonly reader = new LetterReader();
  readonly writer = new Writer(DIGITS);

  constructor(private readonly data: Numbers) {
    super();
  }

  override forward(batch: readonly Spelled[]): Tensor {
    return this.reader.forward(batch)[1]; // (1, N, H)
  }

  loss(rows: Rows): Tensor {
    const batch = pick(this.data.train, rows);
    const [input, target] = written(batch.map(digitIds));
    return writingLoss(this.writer.forward(input, this.forward(batch)), target);
  }

  async answers(): Promise<Example[]> {
    const { test } = this.data;
    const written = await this.writer.write(this.forward(test), LONGEST + 1);
    return test.map(({ text, digits }, i) => [text, digitsText(written[i]!), digits.join('')]);
  }
}

export const fiveForms = defineRecipe({
  name: 'five-forms',
  section: '5.9',
  title: 'The five forms of recurrent networks: one or many in, one or many out',
  about:
    'What goes in and what comes out decide how a recurrent network is wired. These are all five forms of the ' +
    'course notes, on digits and their names: an image → its digit (one to one: no sequence at all); an image ' +
    '→ its name, letter by letter (one to many, the way captions are written); the letters of several names, ' +
    'run together → the largest digit (many to one, the way sentiment is judged); the same letters → where ' +
    'each name ends (many to many: an answer at every step, the way words are tagged); the same letters → the ' +
    'digits (many to many: everything is read before anything is written, as in translation). The networks ' +
    'that write begin with <BOS>, see the true previous symbol at each training step (teacher forcing), and ' +
    'write until <EOS>. Accuracy counts only answers that are right from the first symbol to the last.',
  options: {
    steps: { kind: 'integer', default: 600, min: 1, max: 1_000_000, help: 'training steps of each form' },
  },

  async prepare(context) {
    const { steps, seed } = context.options;
    const images = namedDigits(TRAIN, TEST, seed);
    const spelled = await spelledNumbers(TRAIN + TEST, LONGEST, new Generator(seed));
    const numbers = { train: spelled.slice(0, TRAIN), test: spelled.slice(TRAIN) };
    await context.emit(
      text(
        'data',
        `${TRAIN} drawn digits and ${TRAIN} sequences of names to train on, ${TEST} of each to test`,
      ),
    );
    const forms: readonly { readonly name: string; readonly what: string; build(): Form }[] = [
      { name: 'one to one', what: 'image → digit', build: () => new OneToOne(images) },
      { name: 'one to many', what: 'image → name', build: () => new OneToMany(images) },
      { name: 'many to one', what: 'names → largest digit', build: () => new ManyToOne(numbers) },
      {
        name: 'many to many, step by step',
        what: 'names → where each ends',
        build: () => new ManyToManyAligned(numbers),
      },
      { name: 'many to many, read then write', what: 'names → digits', build: () => new ManyToMany(numbers) },
    ];

    async function run(form: Form, progress: PartProgress): Promise<Result> {
      const optimizer = new optim.Adam(form.parameters(), { lr: 3e-3 });
      for (let step = 0; step < steps; step++) {
        const rows = [...(await randint(0, TRAIN, [BATCH]).data())];
        tidy(() => {
          optimizer.zeroGrad();
          form.loss(rows).backward();
          nn.utils.clipGradNorm_(form.parameters(), 1);
          optimizer.step();
        });
        if (step % 20 === 0) await progress(step / steps);
      }
      const answers = await form.answers();
      const right = answers.filter(([, output, wanted]) => output === wanted).length;
      return { numbers: { accuracy: right / answers.length }, examples: answers.slice(0, 3) };
    }

    return study<Result>(context, {
      parts: forms.map(({ name, build }) => ({ name, run: (progress) => run(build(), progress) })),

      conclude(results) {
        const keys = ['oneToOne', 'oneToMany', 'manyToOne', 'aligned', 'manyToMany'];
        const accuracies = results.map(({ numbers }) => numbers.accuracy!);
        return {
          numbers: Object.fromEntries(keys.map((key, i) => [key, accuracies[i]!])),
          line: `right from the first symbol to the last: ${forms
            .map(({ name }, i) => `${name} ${percent(accuracies[i]!)}`)
            .join('; ')}`,
          report: [
            table(
              ['form', 'what', 'accuracy'],
              forms.map(({ name, what }, i) => [name, what, percent(accuracies[i]!)]),
              { left: 2 },
            ),
            'What each answers:',
            table(
              ['form', 'in', 'out', 'should be'],
              results.flatMap(({ examples }, i) =>
                examples.map(([input, output, wanted], k) => [
                  k === 0 ? forms[i]!.name : '',
                  input,
                  output,
                  output === wanted ? '' : wanted,
                ]),
              ),
              { left: 4 },
            ),
          ],
        };
      },

      pictures: (results) => [
        {
          name: 'accuracy',
          figure: barChart(
            results.map(({ numbers }, i) => ({ label: forms[i]!.what, value: numbers.accuracy! })),
            { title: 'Five forms: answers that are right from first to last', yLabel: 'Accuracy', most: 1 },
          ),
        },
      ],
    });
  },
});
