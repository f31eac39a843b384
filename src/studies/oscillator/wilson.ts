/** Wilson's 95 % interval of a share (J. Am. Stat. Assoc. 22 (1927) 209). */
export function wilson(found: number, of: number): [number, number] {
  const z = 1.959964;
  const p = found / of;
  const centre = (p + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
