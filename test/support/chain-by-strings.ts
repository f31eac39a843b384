import { eigenSymmetric } from "../../src/linalg/eigen-symmetric.ts";
import { matrix } from "../../src/linalg/matrix.ts";
import type { ChainOptions } from "../../src/physics/chain/model.ts";

/** H as a dense matrix, element by element from the definition, on strings such as "1010": for small rings only. */
export function denseHamiltonian(options: ChainOptions) {
  const { L, N = L / 2, J = 1, V1, V2, h1 = 0, h2 = 0, pattern = [1, 1, -1, -1], dJ = 0 } = options;
  const states = Array.from({ length: 2 ** L }, (_, k) => k.toString(2).padStart(L, "0"))
    .filter((text) => text.replaceAll("0", "").length === N)
    .reverse();
  const h = matrix(states.length, states.length);
  states.forEach((text, a) => {
    for (let i = 0; i < L; i++) {
      const [n, next, second] = [i, i + 1, i + 2].map((j) => Number(text[j % L]));
      const staggered = i % 2 === 0 ? 1 : -1;
      h.data[a * states.length + a]! +=
        V1 * (n! - 0.5) * (next! - 0.5) +
        V2 * (n! - 0.5) * (second! - 0.5) +
        h1 * staggered * n! +
        h2 * pattern[i % pattern.length]! * n!;
      if (n === next) continue;
      const swapped = [...text];
      swapped[i] = String(next);
      swapped[(i + 1) % L] = String(n);
      h.data[a * states.length + states.indexOf(swapped.join(""))]! -= J / 2 + dJ * staggered;
    }
  });
  return { h, states };
}

/** All levels, lowest first, and the eigenvectors in the same order. */
export function denseSpectrum(options: ChainOptions) {
  const { h, states } = denseHamiltonian(options);
  const n = states.length;
  const { values, vectors } = eigenSymmetric(h);
  const row = (k: number) => vectors.data.slice((n - 1 - k) * n, (n - k) * n);
  return { states, values: values.slice().reverse(), vector: row, h };
}
