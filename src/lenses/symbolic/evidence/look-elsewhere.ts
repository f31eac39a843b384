/**
 * The R² that the best of `tried` independent guesses reaches on pure noise of n rows, each fitted up to a factor and an
 * offset: 1 − K^(−2/(n − 2)). An upper guard and no test: expressions of one search are far from independent, so that
 * noise reaches less; an R² below it is no evidence by itself. 1 for n ≤ 2.
 */
export function lookElsewhereBound(rows: number, tried: number): number {
  return rows <= 2 ? 1 : 1 - Math.max(1, tried) ** (-2 / (rows - 2));
}
