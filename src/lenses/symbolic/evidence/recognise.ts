const simple: readonly (readonly [number, string])[] = [
  ...Array.from({ length: 12 }, (_, i) => [i + 1, String(i + 1)] as const),
  ...[
    [1, 2],
    [1, 3],
    [2, 3],
    [1, 4],
    [3, 4],
    [3, 2],
    [5, 2],
    [4, 3],
    [5, 3],
  ].map(([a, b]) => [a! / b!, `${a}/${b}`] as const),
  [Math.PI, "π"],
  [2 * Math.PI, "2π"],
  [4 * Math.PI, "4π"],
  [Math.PI / 2, "π/2"],
  [1 / Math.PI, "1/π"],
  [1 / (2 * Math.PI), "1/(2π)"],
  [1 / (4 * Math.PI), "1/(4π)"],
  [Math.E, "e"],
  [Math.SQRT2, "√2"],
];

/**
 * A simple number (1 … 12, a few fractions, multiples of π, e, √2, either sign) inside an interval that is at most a
 * tenth of its size wide: the data do not tell the constant from it. Of several the nearest.
 */
export function recognise(value: number, { low, high }: { low: number; high: number }): string | undefined {
  if (!(high - low <= 0.1 * Math.abs(value))) return undefined;
  const slack = 1e-9 * Math.abs(value);
  const size = Math.abs(value);
  let best: readonly [number, string] | undefined;
  for (const entry of simple) {
    const signed = Math.sign(value) * entry[0];
    if (signed < low - slack || signed > high + slack) continue;
    if (best === undefined || Math.abs(entry[0] - size) < Math.abs(best[0] - size)) best = entry;
  }
  return best && `${value < 0 ? "−" : ""}${best[1]}`;
}
