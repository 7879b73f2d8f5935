/** Whether a point belongs to a shape that fills the square from −1 to 1, y downward. */
export type Outline = (x: number, y: number) => boolean;

const circle: Outline = (x, y) => x * x + y * y <= 1;

/** Between two rays from the center to the points of a star the edge is a straight line. */
function star(x: number, y: number): boolean {
  const [points, inner] = [5, 0.42];
  const half = Math.PI / points;
  const angle = Math.atan2(x, -y) + 2 * Math.PI;
  // 0 at a point of the star, `half` between two of them.
  const away = Math.abs(((angle + half) % (2 * half)) - half);
  const radius = Math.hypot(x, y);
  const [across, along] = [radius * Math.sin(away), radius * Math.cos(away)];
  const [ix, iy] = [inner * Math.sin(half), inner * Math.cos(half)];
  return (1 - along) * ix - across * (1 - iy) >= 0;
}

/** (x² + y² − 1)³ ≤ x² y³, a little smaller and lower. */
function heart(x: number, y: number): boolean {
  const [u, v] = [1.18 * x, -1.12 * y + 0.12];
  return (u * u + v * v - 1) ** 3 <= u * u * v ** 3;
}

/** The shapes by the names of their classes. */
export const outlines: Readonly<Record<string, Outline>> = {
  circle,
  ring: (x, y) => circle(x, y) && !circle(x / 0.58, y / 0.58),
  square: (x, y) => Math.max(Math.abs(x), Math.abs(y)) <= 0.85,
  triangle: (x, y) => y <= 0.8 && Math.abs(x) <= 0.55 * (y + 1),
  star,
  plus: (x, y) => Math.min(Math.abs(x), Math.abs(y)) <= 0.3 && Math.max(Math.abs(x), Math.abs(y)) <= 0.95,
  heart,
  crescent: (x, y) => circle(x, y) && !circle((x - 0.5) / 0.85, y / 0.85),
  arrow: (x, y) => (x < 0 ? x >= -0.95 && Math.abs(y) <= 0.28 : Math.abs(y) <= 0.85 * (1 - x)),
  hourglass: (x, y) => Math.abs(y) <= 0.9 && Math.abs(x) <= 0.9 * Math.abs(y),
};
