import type { ModeSpectrum } from "./spectrum.ts";

/**
 * Where searches branch off from a saddle of index two or more, at which symmetric starts often end: climbing along each
 * of its negative modes, pushed off downhill along each of the others, both ways. The `most` softest pairs of modes at
 * most; none where the index is below two.
 */
export function branchStarts(
  at: { x: Float64Array; spectrum: ModeSpectrum },
  push: number,
  most = 60,
): { start: Float64Array; guess: Float64Array }[] {
  const { x, spectrum } = at;
  const n = x.length;
  const mode = (i: number) => spectrum.vectors.data.slice(i * n, (i + 1) * n);
  const negative = spectrum.values.filter((value) => value < 0).length;
  const pairs: [number, number][] = [];
  for (let i = 0; i < negative; i++) for (let j = 0; j < negative; j++) if (i !== j) pairs.push([i, j]);
  pairs.sort((a, b) => a[0] + a[1] - b[0] - b[1] || a[0] - b[0]);
  return pairs.slice(0, most).flatMap(([i, j]) =>
    [1, -1].map((sign) => {
      const side = mode(j);
      return { start: x.map((value, k) => value + sign * push * side[k]!), guess: mode(i) };
    }),
  );
}
