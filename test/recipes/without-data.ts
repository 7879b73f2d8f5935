/** Hides data sets and the network, so that a recipe makes its data itself. */
export function withoutData(): void {
  process.env.MYELIN_OFFLINE = '1';
  process.env.MYELIN_DATA = '';
  process.env.XDG_CACHE_HOME = '/nonexistent';
}
