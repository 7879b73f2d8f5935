import { type NumberSpec, onOff } from '../options.js';

/** α of the penalty on weights. */
export const weightDecay = (value: number): NumberSpec => ({
  kind: 'number',
  default: value,
  min: 0,
  max: 1,
  help: 'factor α of the penalty α/2 · ‖W‖²',
});

/** Whether to augment; the data set says how. */
export const augment = (value: 'on' | 'off') =>
  onOff(value, 'change training images at random, so the network never sees the same one twice');

/** α of mixup; 0 for none. */
export const mixup = (value: number): NumberSpec => ({
  kind: 'number',
  default: value,
  min: 0,
  max: 100,
  help: 'mix images and labels in shares from Beta(α, α), with this α; 0 for no mixing',
});

/** Share of a label that goes to all classes. */
export const labelSmoothing = (value: number): NumberSpec => ({
  kind: 'number',
  default: value,
  min: 0,
  max: 1,
  help: 'share of each label to spread over all classes',
});

/** Factor for the numbers of channels in a network. */
export const width = (value: number): NumberSpec => ({
  kind: 'number',
  default: value,
  above: 0,
  max: 8,
  help: "factor for the paper's numbers of channels; time grows with its square",
});

/** Probability that dropout sets a value to 0. */
export const dropout = (value: number): NumberSpec => ({
  kind: 'number',
  default: value,
  min: 0,
  max: 0.95,
  help: 'probability of dropping an input of a linear layer',
});
