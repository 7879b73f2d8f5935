/** Bytes that are read as text piece by piece. */
export interface ByteText {
  /** The bytes as Latin-1: one character each. */
  latin1(start: number, end: number): string;
  utf8(start: number, end: number): string;
  isUtf8(start: number, end: number): boolean;
}
