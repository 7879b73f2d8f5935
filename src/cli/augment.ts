import { manualSeed, stack, type Tensor } from '../index.js';
import { drawnShapes, readImage, transforms } from '../vision/index.js';
import { imageGrid, saveFigure } from '../viz/index.js';

export interface AugmentFlags {
  readonly out: string;
  readonly seed: number;
}

/** Pixels of the image's longer side, and images in a row. */
const SIDE = 128;
const COLUMNS = 6;

/** A star. @shape (3, 32, 32) uint8 */
async function drawn(): Promise<Tensor> {
  const { images, labels, classes } = drawnShapes({ train: 10, test: 1 }).train;
  return images.select(0, (await labels.data()).indexOf(classes.indexOf('star')));
}

/** The image as floats, its longer side SIDE pixels; without a path, one that Myelin draws. */
async function load(path: string | undefined): Promise<Tensor> {
  const image = await (path === undefined ? drawn() : readImage(path));
  const [, height, width] = image.shape as [number, number, number];
  const scale = SIDE / Math.max(height, width);
  const size = [height, width].map((n) => Math.max(1, Math.round(n * scale))) as [number, number];
  const interpolation = path === undefined ? 'nearest' : 'bilinear';
  return transforms.toTensor(transforms.resize(image, size, { interpolation }));
}

/** Each transform for images of this size, strong enough to see; transforms with a probability always apply. */
function shown(height: number, width: number): readonly transforms.Transform[] {
  const half: [number, number] = [Math.max(1, height >> 1), Math.max(1, width >> 1)];
  const most: [number, number] = [Math.max(1, (3 * height) >> 2), Math.max(1, (3 * width) >> 2)];
  return [
    new transforms.ToTensor(),
    new transforms.Normalize([0.5, 0.5, 0.5], [0.25, 0.25, 0.25]),
    new transforms.Resize(half),
    new transforms.CenterCrop(half),
    new transforms.Pad(Math.max(1, Math.min(height, width) >> 4)),
    new transforms.RandomCrop(most),
    new transforms.RandomResizedCrop([height, width], { scale: [0.1, 0.5] }),
    new transforms.RandomHorizontalFlip(1),
    new transforms.RandomVerticalFlip(1),
    new transforms.RandomRotation([15, 60]),
    new transforms.RandomAffine(30, { translate: [0.2, 0.2], scale: [0.6, 1.1], shear: 20 }),
    new transforms.ColorJitter({ brightness: 0.5, contrast: 0.5, saturation: 0.5, hue: 0.3 }),
    new transforms.RandomGrayscale(1),
    new transforms.GaussianBlur(9, { sigma: [2, 3] }),
    new transforms.RandomErasing({ p: 1 }),
    new transforms.ElasticTransform({ alpha: 80 }),
    new transforms.AddNoise(0.15),
    new transforms.Compose([
      new transforms.RandomResizedCrop([height, width], { scale: [0.5, 1] }),
      new transforms.RandomHorizontalFlip(),
      new transforms.ColorJitter({ brightness: 0.3, contrast: 0.3, saturation: 0.3 }),
    ]),
  ];
}

/** An image in the middle of a white one of this size; a larger image is shrunk to fit. */
function fit(image: Tensor, height: number, width: number): Tensor {
  const [, h, w] = image.shape as [number, number, number];
  if (h > height || w > width) return transforms.resize(image, [height, width]);
  const [top, left] = [(height - h) >> 1, (width - w) >> 1];
  return transforms.pad(image, [left, top, width - w - left, height - h - top], { fill: 1 });
}

/** Draws one image as each transform changes it. */
export async function augment(path: string | undefined, { out, seed }: AugmentFlags): Promise<void> {
  const image = await load(path);
  const [, height, width] = image.shape as [number, number, number];
  const all = shown(height, width);
  const images = all.map((transform) => {
    // Each draws the same random numbers no matter what comes before it.
    manualSeed(seed);
    return fit(transform.forward(image).clamp(0, 1), height, width);
  });
  const figure = await imageGrid(stack(images), {
    title: 'What each transform does to an image',
    subtitle: path,
    labels: all.map((transform) => transform.constructor.name),
    columns: COLUMNS,
  });
  await saveFigure(figure, out);
  console.log(`picture: ${out}`);
}
