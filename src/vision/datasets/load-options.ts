import { defineOptions, flag } from '../../core/options.js';
import { type FindOptions, findSpec } from '../../data/remote.js';
import { type ImageTransform, transformOption } from './image-dataset.js';

/** Which part of a published data set, and where it is looked for. */
export interface LoadOptions extends FindOptions {
  /** The images to train on, else those to test on (default true). */
  readonly train?: boolean | undefined;
  /** Applied to each image, or to each batch at once (default: images as they are, uint8). */
  readonly transform?: ImageTransform | undefined;
}

/** What `LoadOptions` may be. */
export const loadSpec = { train: flag(true), transform: transformOption, ...findSpec };

/** Reads `LoadOptions`. */
export const loadOptions = defineOptions(loadSpec);
