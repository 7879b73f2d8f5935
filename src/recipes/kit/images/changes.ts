import { cat, Generator } from '../../../index.js';
import { ImageDataset, type ImageTransform, transforms } from '../../../vision/index.js';
import { imageGrid } from '../../../viz/index.js';
import { dataLine, type Picture } from '../recipe.js';

const { ColorJitter, Compose, ElasticTransform, RandomAffine, RandomCrop, RandomErasing } = transforms;

/** Random changes of images that preserve their classes. */
export interface Changes {
  /** The usual changes for such images. */
  readonly usual: transforms.Transform;
  /** Kinds of changes by name, for comparison. */
  readonly kinds: Readonly<Record<string, transforms.Transform>>;
}

const flip = new transforms.RandomHorizontalFlip();
const erasing = new RandomErasing();

const shifts = new RandomCrop(32, { padding: 4 });

/**
 * For photographs of 32 × 32 pixels: shifted by up to 4 pixels, flipped horizontally.
 *
 * @source He et al. 2015, arXiv:1512.03385, section 4.2
 */
export const ofPhotos: Changes = {
  usual: new Compose([shifts, flip]),
  kinds: {
    shifts,
    flips: flip,
    colors: new ColorJitter({ brightness: 0.4, contrast: 0.4, saturation: 0.4 }),
    erasing,
  },
};

const shiftsOfClothes = new RandomCrop(28, { padding: 2 });

/** For clothes of 28 × 28 pixels, which stand upright: shifted by up to 2 pixels, flipped horizontally. */
export const ofClothes: Changes = {
  usual: new Compose([shiftsOfClothes, flip]),
  kinds: { shifts: shiftsOfClothes, flips: flip, erasing },
};

const affine = new RandomAffine(10, {
  translate: [0.07, 0.07],
  scale: [0.9, 1.1],
  shear: 5,
  interpolation: 'bilinear',
});
const elastic = new ElasticTransform({ alpha: 34, sigma: 4 });

/**
 * For digits of 28 × 28 pixels, which a mirror would change into others: rotated, shifted, scaled, and slanted a
 * little, and bent as handwriting varies.
 *
 * @source LeCun et al. 1998, section III.B; elastic: Simard et al. 2003, doi:10.1109/ICDAR.2003.1227801
 */
export const ofDigits: Changes = {
  usual: new Compose([affine, elastic]),
  kinds: { affine, elastic, erasing },
};

/** The same images, each changed anew whenever it's read. */
export const transformed = async (
  { images, labels, classes }: ImageDataset,
  transform: ImageTransform,
): Promise<ImageDataset> => new ImageDataset(images, await labels.data(), { classes, transform });

/** Images to show, and how many changed versions of each. */
const [SHOWN, TIMES] = [8, 3];

/** Training images, with changed versions under each. */
export async function changesPicture(
  { images }: ImageDataset,
  transform: transforms.Transform,
  { seed, data }: { readonly seed: number; readonly data: string },
): Promise<Picture> {
  const generator = new Generator(seed);
  const original = images.narrow(0, 0, Math.min(SHOWN, images.shape[0]!));
  const changed = Array.from({ length: TIMES }, () => transform.forward(original, { generator }));
  const figure = await imageGrid(cat([original, ...changed]), {
    title: 'Training images, original and changed',
    subtitle: dataLine(data),
    columns: original.shape[0]!,
  });
  return { name: 'augmented', figure };
}
