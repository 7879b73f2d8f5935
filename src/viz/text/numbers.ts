/** A number in few characters: about `digits` significant ones. */
export function short(value: number, digits = 4): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '-∞';
  const magnitude = Math.abs(value);
  if (magnitude < 1e-4 || magnitude >= 1e6)
    return value
      .toExponential(digits - 2)
      .replace(/\.?0+e/, 'e')
      .replace('e+', 'e');
  return String(Number(value.toPrecision(digits)));
}
