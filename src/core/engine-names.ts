/** The names of the engines, best first. */
export const engineNames = ['native', 'wasm', 'reference'] as const;

export type EngineName = (typeof engineNames)[number];
