import { requireList, requireNumbers, requireText } from '../../core/arguments.js';
import { plural } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { Dataset, place } from '../../data/dataset.js';

/** Texts and the class of each: example i is `[text, class]`. */
export class LabeledTexts extends Dataset<[string, number]> {
  readonly texts: readonly string[];
  /** The class of each text, from 0. */
  readonly labels: Int32Array;
  /** Names of the classes. */
  readonly classes: readonly string[];

  /** @throws ArgumentError unless there are as many labels as texts, each the number of a class */
  constructor(texts: readonly string[], labels: ArrayLike<number>, classes: readonly string[]) {
    super();
    const name = new.target.name;
    requireList(name, 'texts', texts);
    for (const [i, text] of texts.entries()) requireText(name, `texts[${i}]`, text);
    requireNumbers(name, 'labels', labels);
    requireList(name, 'classes', classes);
    if (texts.length !== labels.length)
      throw new ArgumentError(
        name,
        `got ${plural(texts.length, 'text')}, but ${plural(labels.length, 'label')}`,
      );
    this.labels = Int32Array.from(labels, (label, i) => {
      if (Number.isInteger(label) && label >= 0 && label < classes.length) return label;
      throw new ArgumentError(name, `label ${i} is ${label}, which isn't one of 0 to ${classes.length - 1}`);
    });
    this.texts = texts;
    this.classes = classes;
  }

  /** Number of texts. */
  override get length(): number {
    return this.texts.length;
  }

  override get(index: number): [string, number] {
    const at = place(this.constructor.name, index, this.length);
    return [this.texts[at]!, this.labels[at]!];
  }
}
