import { ArgumentError, FileError } from '../core/errors.js';
import { defineOptions, flag, listOf, text } from '../core/options.js';
import { warnOnce } from '../core/warn.js';
import { Dataset, place } from '../data/dataset.js';
import { type ImageTransform, transformOption } from '../data/images/image-dataset.js';
import type { FileEntry, Files } from '../host/files.js';
import { requireFiles } from '../host/require.js';
import type { Tensor } from '../index.js';
import { type ReadImageOptions, readImage, readImageSpec } from './images/read.js';

export interface ImageFolderOptions extends ReadImageOptions {
  /** Applied to each image (default: unchanged images, uint8, each in its original size). */
  readonly transform?: ImageTransform | undefined;
  /** Extensions of image files (default: those of the formats that `readImage` reads). */
  readonly extensions?: readonly string[] | undefined;
  /** Whether a class may have no images (default false). */
  readonly allowEmpty?: boolean | undefined;
}

/** A file and the class of its folder. */
export interface ImageSample {
  readonly path: string;
  readonly label: number;
}

const usual = [
  '.jpg',
  '.jpeg',
  '.png',
  '.webp',
  '.gif',
  '.tif',
  '.tiff',
  '.avif',
  '.bmp',
  '.ppm',
  '.pgm',
  '.pbm',
];

const folderOptions = defineOptions({
  ...readImageSpec,
  transform: transformOption,
  extensions: listOf(text(''), usual),
  allowEmpty: flag(false),
});

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const visible = (name: string): boolean => !name.startsWith('.');

/** The contents of a folder that aren't hidden, sorted by name; a warning names any link that leads nowhere. */
function entriesOf(files: Files, folder: string): { name: string; path: string; kind: FileEntry['kind'] }[] {
  const entries = files
    .list('ImageFolder', folder)
    .filter(({ name }) => visible(name))
    .map(({ name, kind }) => ({ name, kind, path: files.join(folder, name) }));
  for (const { kind, path } of entries)
    if (kind === 'nowhere') warnOnce('ImageFolder', `${path} is a link that leads nowhere; skipping it`);
  return entries.sort((a, b) => byText(a.name, b.name));
}

/** Images in a class's folder, folder by folder, each sorted by name. */
function imagesOf(files: Files, folder: string, extensions: readonly string[]): string[] {
  const folders = new Map<string, string[]>();
  const walk = (at: string, above: readonly string[]): void => {
    const real = files.realPath(at);
    // A link to a parent folder would never end.
    if (above.includes(real)) return;
    const entries = entriesOf(files, at);
    const isImage = (name: string): boolean =>
      extensions.some((extension) => name.toLowerCase().endsWith(extension));
    folders.set(
      at,
      entries.filter(({ name, kind }) => kind === 'file' && isImage(name)).map(({ path }) => path),
    );
    for (const { path, kind } of entries) if (kind === 'folder') walk(path, [...above, real]);
  };
  walk(folder, []);
  return [...folders.keys()].sort(byText).flatMap((at) => folders.get(at)!);
}

/**
 * Images in folders, one per class:
 *
 * ```text
 * root/cat/1.jpg
 * root/cat/kittens/2.png
 * root/dog/3.jpg
 * ```
 *
 * The classes are the names of the folders in their order; example i is `[image (C, H, W), label]`, read when
 * it is asked for. A `WorkerDataset` reads in threads.
 *
 * Follows links; skips one that leads nowhere, with a warning.
 *
 * @differs from torchvision: hidden files and folders are left out
 * @throws FileError if there's no such folder, it has no folders, or one of them has no images
 * @example
 * const photos = new vision.ImageFolder('photos');
 * photos.classes; // ['cat', 'dog']
 * const [image, label] = await photos.get(0);
 * for await (const [images, labels] of new data.DataLoader(photos, { batchSize: 2, shuffle: true }))
 *   console.log(images.shape, labels.shape);
 */
export class ImageFolder extends Dataset<[image: Tensor, label: number]> {
  readonly classes: readonly string[];
  /** The number of each class by name. */
  readonly classToIndex: Readonly<Record<string, number>>;
  readonly samples: readonly ImageSample[];
  readonly #transform: ImageTransform | undefined;
  readonly #reading: ReadImageOptions;

  constructor(
    readonly root: string,
    options?: ImageFolderOptions,
  ) {
    super();
    const { extensions, allowEmpty, transform, ...reading } = folderOptions(new.target.name, options);
    const odd = extensions.find((extension) => !/^\.[^./\\A-Z]+$/.test(extension));
    if (odd !== undefined)
      throw new ArgumentError(
        'ImageFolder',
        `extensions must be lowercase with a dot, such as .png, got '${odd}'`,
      );
    this.#transform = transform;
    this.#reading = reading;
    const files = requireFiles(
      'ImageFolder',
      'use new vision.ImageDataset(images, labels), with images from vision.decodeImage(bytes)',
    );
    this.classes = entriesOf(files, root)
      .filter(({ kind }) => kind === 'folder')
      .map(({ name }) => name);
    this.samples = this.classes.flatMap((name, label) =>
      imagesOf(files, files.join(root, name), extensions).map((path) => ({ path, label })),
    );
    this.classToIndex = Object.fromEntries(this.classes.map((name, label) => [name, label]));
    this.#check(extensions, allowEmpty);
  }

  #check(extensions: readonly string[], allowEmpty: boolean): void {
    const fail = (problem: string): never => {
      throw new FileError('ImageFolder', this.root, 'missing', problem);
    };
    if (this.classes.length === 0)
      fail("has no folders; each class's images must be in a folder of its name, such as cat/1.jpg");
    const filled = new Set(this.samples.map(({ label }) => label));
    const empty = this.classes.filter((_, label) => !filled.has(label));
    if (empty.length > 0 && !allowEmpty)
      fail(
        `no images (${extensions.join(' ')}) in ${empty.join(', ')}; { allowEmpty: true } keeps such classes`,
      );
  }

  override get length(): number {
    return this.samples.length;
  }

  /** The class of each example, for samplers and `stratifyBy`. */
  get labels(): readonly number[] {
    return this.samples.map(({ label }) => label);
  }

  /** @throws FileFormatError naming the file, if it's damaged or not an image */
  override async get(index: number): Promise<[image: Tensor, label: number]> {
    const { path, label } = this.samples[place('ImageFolder', index, this.length)]!;
    const image = await readImage(path, this.#reading);
    return [this.#transform?.forward(image) ?? image, label];
  }
}
