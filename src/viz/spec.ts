/** A Vega-Lite specification: what a picture is made of. Vega-Lite's own types need those of a browser. */
export interface Spec {
  readonly [property: string]: unknown;
}
