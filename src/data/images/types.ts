/** Gray images of one size, each with a class. */
export interface LabeledImages {
  /** @shape (count, height, width), 0 background to 255 ink */
  readonly images: Uint8Array;
  /** @shape (count) */
  readonly labels: Uint8Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

/** Digits to train on and digits to test on. */
export interface DigitImages {
  readonly train: LabeledImages;
  readonly test: LabeledImages;
}
