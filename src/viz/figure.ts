/** A picture, drawn when it is asked for. */
export interface Figure {
  readonly title: string;
  /** The picture as SVG. */
  toSvg(): Promise<string>;
  /** A compact form for a terminal of `columns` characters (default 80). */
  toText(options?: { readonly columns?: number }): string;
}
