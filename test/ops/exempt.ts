/** Public functions that are no operations on tensors, or are tested on their own. */
export const notInTable: ReadonlySet<string> = new Set([
  'equal',
  'allclose',
  'backward',
  'detectAnomaly',
  'enableGrad',
  'engineInfo',
  'grad',
  'gradcheck',
  'gradgradcheck',
  'isGradEnabled',
  'noGrad',
  'setEngine',
  'setPrintoptions',
  'setThreads',
  'tidy',
]);
