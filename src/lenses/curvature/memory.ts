import { UserError } from "../../core/errors.ts";

const gib = 2 ** 30;

/** Curvatures made of outer products: kept as a d × d matrix, or as that of the samples' rows where it is smaller. */
const outerProducts = new Set(["ggn", "fisher", "empirical-fisher"]);

/**
 * Bytes that the answers will take: gradients of n training samples and t test points, their solutions, and the
 * curvature with its factor and eigenvectors where it is kept as a matrix.
 */
export function bytesNeeded(sizes: {
  samples: number;
  tests: number;
  parameters: number;
  outputs: number;
  curvature: string;
}): { bytes: number; matrix: number; gradients: number } {
  const { samples, tests, parameters: d, outputs, curvature } = sizes;
  const primal = 4 * 8 * d * d;
  const rows = samples * outputs;
  const dual = 8 * rows * d + 2 * 8 * rows * rows;
  const matrix = curvature === "exact" ? primal : outerProducts.has(curvature) ? Math.min(primal, dual) : 0;
  const gradients = 8 * d * (2 * samples + 6 * tests);
  return { bytes: matrix + gradients, matrix, gradients };
}

/**
 * Refuses, before anything is asked for, what does not fit.
 * @throws UserError that says what it would take, what is allowed and which curvature needs less.
 */
export function demandMemory(sizes: Parameters<typeof bytesNeeded>[0], limit: number): void {
  const { bytes, matrix } = bytesNeeded(sizes);
  if (bytes <= limit * gib) return;
  const say = (value: number) => `${(value / gib).toPrecision(3)} GiB`;
  const d = sizes.parameters;
  const offer =
    matrix > bytes / 2
      ? "A curvature of 'low-rank', 'kfac', 'ekfac' or 'last-layer' needs no such matrix: its products with vectors are made without it"
      : "Ask about fewer points, or take the curvature of the 'last-layer' alone";
  throw new UserError(
    `curvature: ${d} parameters and ${sizes.samples} training samples need ${say(bytes)} (${say(matrix)} for the ${sizes.curvature} curvature as a matrix), more than the ${limit} GiB of option 'memory'. ${offer}; or raise 'memory'`,
  );
}
