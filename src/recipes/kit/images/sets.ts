import { type DigitImages, drawnDigits, type FindOptions, type Search } from '../../../data/index.js';
import { foundOr } from '../../../data/remote.js';
import { tensor } from '../../../index.js';
import { CIFAR10, drawnShapes, FashionMNIST, ImageDataset, MNIST } from '../../../vision/index.js';
import { text } from '../events.js';
import type { ChoiceSpec } from '../options.js';
import type { RecipeContext } from '../recipe.js';
import { type Changes, ofClothes, ofDigits, ofPhotos } from './changes.js';

/** Images to train on and to test on, as bytes (C, H, W). */
interface Parts {
  readonly train: ImageDataset;
  readonly test: ImageDataset;
}

/** A data set of images: 10 classes each. */
export interface ImageSet extends Parts {
  /** Human-readable name: `CIFAR-10`. */
  readonly title: string;
  readonly classes: readonly string[];
  readonly shape: readonly [channels: number, height: number, width: number];
  /** Changes of its images that preserve their classes. */
  readonly changes: Changes;
  /** Whether all its images are light on a dark ground, as digits of MNIST are. */
  readonly lightOnDark: boolean;
}

/** What is known about a set before it's loaded. */
type About = Pick<ImageSet, 'title' | 'changes' | 'lightOnDark'>;

/** Where a set comes from, and what replaces it if it isn't found. */
interface Source extends About {
  find(
    options: FindOptions & { readonly train: boolean },
  ): Promise<Search<ImageDataset & { readonly missing?: readonly string[] }>>;
  readonly standIn: About & { make(): Parts };
}

const fromDigits = ({ train, test }: DigitImages): Parts => {
  const dataset = ({ images, labels, count, height, width }: DigitImages['train']): ImageDataset =>
    new ImageDataset(tensor(images, [count, 1, height, width], { dtype: 'uint8' }), labels, {
      classes: [...'0123456789'],
    });
  return { train: dataset(train), test: dataset(test) };
};

const digits = {
  title: 'digits that Myelin draws',
  make: () => fromDigits(drawnDigits()),
  changes: ofDigits,
  lightOnDark: true,
};

const sources = {
  mnist: { title: 'MNIST', find: MNIST.find, changes: ofDigits, lightOnDark: true, standIn: digits },
  'fashion-mnist': {
    title: 'Fashion-MNIST',
    find: FashionMNIST.find,
    changes: ofClothes,
    lightOnDark: true,
    standIn: digits,
  },
  cifar10: {
    title: 'CIFAR-10',
    find: CIFAR10.find,
    changes: ofPhotos,
    lightOnDark: false,
    standIn: {
      title: 'shapes that Myelin draws',
      make: () => drawnShapes(),
      changes: ofPhotos,
      lightOnDark: false,
    },
  },
} satisfies Record<string, Source>;

export type ImageSetName = keyof typeof sources;

/** Which data set of images to use: one of all, unless some are named. */
export const dataset = <N extends ImageSetName = ImageSetName>(
  value: N,
  choices: readonly N[] = Object.keys(sources) as N[],
): ChoiceSpec<N> => ({ kind: 'choice', default: value, choices, help: 'images to learn' });

const counted = (n: number): string => n.toLocaleString('en');

/**
 * The images of a data set if it's found, otherwise images that Myelin makes; says which. A folder
 * that was named must have the data set.
 */
export async function loadImageSet(
  name: ImageSetName,
  { options: { data }, emit }: RecipeContext<unknown>,
): Promise<ImageSet> {
  const source: Source = sources[name];
  const describe = (title: string, { train, test }: Parts): string =>
    `${title}: ${counted(train.length)} images to train on, ${counted(test.length)} to test on`;
  const whole = ({ title, changes, lightOnDark }: About, { train, test }: Parts): ImageSet => ({
    ...{ title, train, test, changes, lightOnDark },
    classes: train.classes,
    shape: train.images.shape.slice(1) as [number, number, number],
  });
  const find = { data, onDownload: (url: string) => void emit(text('download', url)) };
  const toTrain = await source.find({ ...find, train: true });
  // Without a network, waits for the mirrors only once.
  const toTest = toTrain.missing === null ? await source.find({ ...find, train: false }) : toTrain;
  if (toTest.missing !== null && data === undefined) {
    const { standIn } = source;
    const made = standIn.make();
    await emit(
      text(
        'data',
        `${describe(standIn.title, made)}; ${source.title} wasn't found (name its folder with --data DIR or MYELIN_DATA)`,
      ),
    );
    return whole(standIn, made);
  }
  const train = foundOr(source.title, toTrain);
  const test = foundOr(source.title, toTest);
  await emit(text('data', describe(source.title, { train, test })));
  if (train.missing?.length) await emit(text('missing', `${train.missing.join(', ')}: trained without them`));
  return whole(source, { train, test });
}
