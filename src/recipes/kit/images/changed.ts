import { cat, Generator } from '../../../index.js';
import { ImageDataset, type ImageTransform, type transforms } from '../../../vision/index.js';
import { imageGrid } from '../../../viz/index.js';
import { dataLine, type Picture } from '../recipe.js';

/** The same images, each changed whenever it is taken. */
export const augmented = (
  { images, labels, classes }: ImageDataset,
  transform: ImageTransform,
): ImageDataset => new ImageDataset(images, labels.dataSync(), { classes, transform });

/** Images that are shown, and how often each is changed. */
const [SHOWN, TIMES] = [8, 3];

/** Training images, and under each what becomes of it. */
export async function augmentedPicture(
  { images }: ImageDataset,
  transform: transforms.Transform,
  { seed, data }: { readonly seed: number; readonly data: string },
): Promise<Picture> {
  const generator = new Generator(seed);
  const original = images.narrow(0, 0, Math.min(SHOWN, images.shape[0]!));
  const changed = Array.from({ length: TIMES }, () => transform.forward(original, { generator }));
  const figure = await imageGrid(cat([original, ...changed]), {
    title: 'Training images as they are, and as they are changed',
    subtitle: dataLine(data),
    columns: original.shape[0]!,
  });
  return { name: 'augmented', figure };
}
