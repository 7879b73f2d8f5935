import type { Parameter } from './parameter.js';

/** What the parts of a module need from it: `Module`, which is made of them, implements this. */
export interface AnyModule {
  readonly training: boolean;
  forward(...inputs: never[]): unknown;
  parameters(): Parameter[];
  namedModules(): [path: string, module: AnyModule][];
  clone(): AnyModule;
}
