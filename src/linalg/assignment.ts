import type { Matrix } from "./matrix.ts";

/**
 * The cheapest way to give every row a column of its own: minimises Σ_i cost[i][column(i)] by shortest augmenting paths
 * with dual prices, O(n³). The same costs give the same answer, ties included.
 * Source: Jonker & Volgenant, Computing 38, 325 (1987).
 * @returns the column of each row and the total. @throws RangeError for a matrix that is not square, or not finite.
 */
export function assignment(cost: Matrix): { columns: Int32Array; total: number } {
  const n = cost.rows;
  if (cost.cols !== n) throw new RangeError(`assignment: needs a square matrix, got ${n}×${cost.cols}`);
  const bad = cost.data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new RangeError(`assignment: cost (${Math.floor(bad / n)}, ${bad % n}) is ${cost.data[bad]}`);
  // Columns count from 1; column 0 is the root of the search for the row that is being placed.
  const rowPrice = new Float64Array(n + 1);
  const columnPrice = new Float64Array(n + 1);
  const rowOf = new Int32Array(n + 1);
  const cameFrom = new Int32Array(n + 1);
  const least = new Float64Array(n + 1);
  const done = new Uint8Array(n + 1);
  for (let row = 1; row <= n; row++) {
    rowOf[0] = row;
    let column = 0;
    least.fill(Infinity);
    done.fill(0);
    do {
      done[column] = 1;
      const here = rowOf[column]!;
      let delta = Infinity;
      let nearest = 0;
      for (let j = 1; j <= n; j++) {
        if (done[j]) continue;
        const reduced = cost.data[(here - 1) * n + j - 1]! - rowPrice[here]! - columnPrice[j]!;
        if (reduced < least[j]!) {
          least[j] = reduced;
          cameFrom[j] = column;
        }
        if (least[j]! < delta) {
          delta = least[j]!;
          nearest = j;
        }
      }
      for (let j = 0; j <= n; j++) {
        if (done[j]) {
          rowPrice[rowOf[j]!]! += delta;
          columnPrice[j]! -= delta;
        } else least[j]! -= delta;
      }
      column = nearest;
    } while (rowOf[column] !== 0);
    while (column !== 0) {
      const previous = cameFrom[column]!;
      rowOf[column] = rowOf[previous]!;
      column = previous;
    }
  }
  const columns = new Int32Array(n);
  for (let j = 1; j <= n; j++) columns[rowOf[j]! - 1] = j - 1;
  let total = 0;
  for (let i = 0; i < n; i++) total += cost.data[i * n + columns[i]!]!;
  return { columns, total };
}
