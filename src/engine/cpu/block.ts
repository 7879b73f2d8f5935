/** A piece of an engine's memory. Who drops the last reference to it leaves it to the collector. */
export interface Block {
  readonly bytes: number;
  /** A multiple of 64, so that vectors do not straddle cache lines. */
  readonly address: number;
  /** The bytes from `address` on, which lies in the block. */
  view(address: number, byteLength: number): Uint8Array;
}
