import { demand } from "../../core/errors.ts";
import type { Task } from "../../core/task.ts";
import { matrix } from "../../linalg/matrix.ts";
import { type Pca, pca, reconstruct } from "../../linalg/pca.ts";
import { columnOf } from "../../linalg/rows.ts";
import { type TokenTable, type TopographyProbe, trainedTokens } from "./subject.ts";

/** The model's output over a plane of two principal components of a table, one map for each fixed token. */
export interface Topography {
  table: TokenTable;
  probe: TopographyProbe;
  /** The two components, counted from 1; the others are zero, that is at the tokens' mean. */
  plane: readonly [number, number];
  /** Coordinates of the grid's points along the two components. */
  x: Float64Array;
  y: Float64Array;
  /** values[row of y · x.length + column of x], in the probe's unit. */
  maps: { fixedToken: number; values: Float64Array }[];
  /** Where the real tokens lie. */
  tokens: { token: number; x: number; y: number }[];
  /** Share of the variance along the two components. */
  explained: readonly [number, number];
}

/**
 * Latent-space topography: principal components of a token table's trained rows, a grid over two of them, each grid
 * point turned back into an embedding and given to the model in the table's place, everything else held fixed.
 * Source: Kitouni et al. 2024, section 4.3, Figs 2, 6 and 7.
 * @param options.plane two components counted from 1; `points` along each side; `margin` beyond the tokens on each
 * side, as a share of their range.
 * @throws UserError if the probe gives another number of values than it was asked for, or one that is not finite.
 */
export async function topography(
  table: TokenTable,
  probe: TopographyProbe,
  options: { plane: readonly [number, number]; points: number; margin: number },
  task: Task,
): Promise<Topography> {
  const { plane, points, margin } = options;
  const trained = trainedTokens(table);
  const fitted = pca(trained.rows, { components: Math.max(...plane) });
  const [sx, sy] = plane.map((component) => columnOf(fitted.scores, component - 1)) as [
    Float64Array,
    Float64Array,
  ];
  const x = axis(sx, points, margin);
  const y = axis(sy, points, margin);
  const vectors = gridVectors(fitted, plane, x, y);
  const maps: Topography["maps"] = [];
  for (const [done, fixedToken] of probe.fixedTokens.entries()) {
    task.check();
    const values = await probe.evaluate(vectors, fixedToken);
    const at = `embedding lens, probe of table '${table.name}' at ${probe.fixed} = ${fixedToken}`;
    demand(
      values.length === vectors.rows,
      () => `${at}: asked for ${vectors.rows} values, got ${values.length}`,
    );
    const bad = values.findIndex((value) => !Number.isFinite(value));
    demand(bad < 0, () => `${at}: value ${bad} is ${values[bad]}`);
    maps.push({ fixedToken, values });
    task.report((done + 1) / probe.fixedTokens.length);
  }
  return {
    table,
    probe,
    plane,
    x,
    y,
    maps,
    tokens: trained.tokens.map((token, i) => ({ token, x: sx[i]!, y: sy[i]! })),
    explained: [fitted.explained[plane[0] - 1]!, fitted.explained[plane[1] - 1]!],
  };
}

/**
 * How monotone the maps are along their first component, the second being near zero: the share of steps that go the
 * more frequent way, 1 for a monotone map; the least over the maps.
 */
export function monotonicity({ x, y, maps }: Pick<Topography, "x" | "y" | "maps">): number {
  const row = y.reduce((best, value, i) => (Math.abs(value) < Math.abs(y[best]!) ? i : best), 0);
  return Math.min(
    ...maps.map(({ values }) => {
      let rising = 0;
      for (let j = 0; j + 1 < x.length; j++) {
        if (values[row * x.length + j + 1]! > values[row * x.length + j]!) rising++;
      }
      return Math.max(rising, x.length - 1 - rising) / (x.length - 1);
    }),
  );
}

function axis(scores: Float64Array, points: number, margin: number): Float64Array {
  const low = Math.min(...scores);
  const high = Math.max(...scores);
  const from = low - margin * (high - low);
  const span = (high - low) * (1 + 2 * margin);
  return Float64Array.from({ length: points }, (_, i) => from + (span * i) / (points - 1));
}

function gridVectors(fitted: Pca, plane: readonly [number, number], x: Float64Array, y: Float64Array) {
  const width = Math.max(...plane);
  const scores = matrix(x.length * y.length, width);
  for (let i = 0; i < y.length; i++) {
    for (let j = 0; j < x.length; j++) {
      const at = (i * x.length + j) * width;
      scores.data[at + plane[0] - 1] = x[j]!;
      scores.data[at + plane[1] - 1] = y[i]!;
    }
  }
  return reconstruct(fitted, scores);
}
