/**
 * What a function returns that says nothing. `undefined` alone doesn't do: TypeScript before 7 takes a callback
 * without a `return` for one of `void`.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: it is the return type of callbacks only
export type Nothing = undefined | void;
