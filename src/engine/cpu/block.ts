/** A piece of an engine's memory. When the last reference to it is dropped, the collector reclaims it. */
export interface Block {
  readonly bytes: number;
  /** A multiple of 64, so that vectors don't straddle cache lines. */
  readonly address: number;
  /** The bytes starting at `address`, which is in the block. */
  view(address: number, byteLength: number): Uint8Array;
}
