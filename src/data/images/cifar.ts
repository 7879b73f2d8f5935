import { defineOptions, listOf, text, word } from '../../core/options.js';
import { tensor } from '../../index.js';
import { found, foundOr, type Search } from '../remote.js';
import { type CifarFormat, findCifar } from './cifar-files.js';
import { ImageDataset, type ImageDatasetOptions, imageDatasetSpec } from './image-dataset.js';
import { type LoadOptions, loadOptions, loadSpec } from './load-options.js';

const cifar10: CifarFormat = {
  archive: {
    title: 'CIFAR-10',
    folder: 'cifar-10',
    otherFolders: ['cifar-10-batches-bin'],
    files: [
      {
        name: 'cifar-10-binary.tar.gz',
        bytes: 170052171,
        sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
      },
    ],
    mirrors: ['https://www.cs.toronto.edu/~kriz/'],
  },
  train: [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`),
  test: ['test_batch.bin'],
  classes: [10],
};

const classes10 = 'airplane automobile bird cat deer dog frog horse ship truck'.split(' ');

/** CIFAR's images of one part. @shape (N, 3, 32, 32) uint8 */
const colorImages = (images: Uint8Array) =>
  tensor(images, [images.length / (3 * 32 * 32), 3, 32, 32], { dtype: 'uint8' });

export interface CIFAR10Options extends ImageDatasetOptions {
  readonly missing?: readonly string[] | undefined;
}

const cifar10Options = defineOptions({
  ...imageDatasetSpec,
  missing: listOf(text(''), []),
});

/**
 * CIFAR-10: 50,000 color images of 10 classes to train on, 10,000 to test on, in the binary format.
 *
 * @shape images (N, 3, 32, 32) uint8
 * @source Krizhevsky 2009, Learning Multiple Layers of Features from Tiny Images
 */
export class CIFAR10 extends ImageDataset {
  /** Missing training files, each of which would add 10,000 images. */
  readonly missing: readonly string[];

  constructor(images: ImageDataset['images'], labels: ArrayLike<number>, options?: CIFAR10Options) {
    const { missing, ...own } = cifar10Options(new.target.name, options);
    super(images, labels, own);
    this.missing = missing;
  }

  /**
   * Finds or downloads the files and reads them: `data_batch_1.bin` … `data_batch_5.bin` and
   * `test_batch.bin`, gzipped or not, or the archive `cifar-10-binary.tar.gz`. Some of the training files
   * will do; `missing` names the others.
   *
   * @throws FileError naming the files and where to put them, if none is found
   * @throws FileFormatError naming the file and the byte, if one isn't valid
   */
  static async load(options?: LoadOptions): Promise<CIFAR10> {
    return foundOr('CIFAR10', await CIFAR10.find(options));
  }

  /**
   * Like `load`, but the files may be missing: `found` is the data set, or `missing` says which files they are
   * and where to put them.
   */
  static async find(options?: LoadOptions): Promise<Search<CIFAR10>> {
    const { train, transform, ...find } = loadOptions('CIFAR10.load', options);
    const files = await findCifar('CIFAR10', cifar10, train, find);
    if (files.missing !== null) return files;
    const { images, labels, missing } = files.found;
    return found(new CIFAR10(colorImages(images), labels[0]!, { classes: classes10, transform, missing }));
  }
}

const cifar100: CifarFormat = {
  archive: {
    title: 'CIFAR-100',
    folder: 'cifar-100',
    otherFolders: ['cifar-100-binary'],
    // train.bin may be anybody's.
    ambiguous: true,
    files: [
      {
        name: 'cifar-100-binary.tar.gz',
        bytes: 168513733,
        sha256: '58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec',
      },
    ],
    mirrors: ['https://www.cs.toronto.edu/~kriz/'],
  },
  train: ['train.bin'],
  test: ['test.bin'],
  classes: [20, 100],
};

const coarse = (
  'aquatic_mammals fish flowers food_containers fruit_and_vegetables household_electrical_devices ' +
  'household_furniture insects large_carnivores large_man-made_outdoor_things ' +
  'large_natural_outdoor_scenes large_omnivores_and_herbivores medium_mammals ' +
  'non-insect_invertebrates people reptiles small_mammals trees vehicles_1 vehicles_2'
).split(' ');

const fine = (
  'apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel ' +
  'can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur ' +
  'dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion ' +
  'lizard lobster man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree ' +
  'pear pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea ' +
  'seal shark shrew skunk skyscraper snail snake spider squirrel streetcar sunflower sweet_pepper table ' +
  'tank telephone television tiger tractor train trout tulip turtle wardrobe whale willow_tree wolf woman ' +
  'worm'
).split(' ');

export interface CIFAR100LoadOptions extends LoadOptions {
  /** Which labels: `'fine'`, the 100 classes, or `'coarse'`, their 20 groups (default `'fine'`). */
  readonly labels?: 'fine' | 'coarse' | undefined;
}

const cifar100Options = defineOptions({ ...loadSpec, labels: word(['fine', 'coarse'], 'fine') });

/**
 * CIFAR-100: 50,000 color images of 100 classes in 20 groups to train on, 10,000 to test on, in the binary
 * format.
 *
 * @shape images (N, 3, 32, 32) uint8
 * @source Krizhevsky 2009, Learning Multiple Layers of Features from Tiny Images
 */
export class CIFAR100 extends ImageDataset {
  /**
   * Finds or downloads the files and reads them: `train.bin` and `test.bin`, gzipped or not, or the archive
   * `cifar-100-binary.tar.gz`.
   *
   * @throws FileError naming the files and where to put them, if they aren't found anywhere
   * @throws FileFormatError naming the file and the byte, if one isn't valid
   */
  static async load(options?: CIFAR100LoadOptions): Promise<CIFAR100> {
    const { train, transform, labels: kind, ...find } = cifar100Options('CIFAR100.load', options);
    const { images, labels } = foundOr('CIFAR100', await findCifar('CIFAR100', cifar100, train, find));
    const [groups, classes] = labels as [Uint8Array, Uint8Array];
    return kind === 'coarse'
      ? new CIFAR100(colorImages(images), groups, { classes: coarse, transform })
      : new CIFAR100(colorImages(images), classes, { classes: fine, transform });
  }
}
