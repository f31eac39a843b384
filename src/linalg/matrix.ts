/** A dense real matrix, row-major, in float64. `data[i * cols + j]` is row i, column j. */
export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float64Array;
}

/** A matrix of zeros, or over `data` (length rows·cols, not copied). */
export function matrix(rows: number, cols: number, data?: ArrayLike<number>): Matrix {
  const values =
    data === undefined
      ? new Float64Array(rows * cols)
      : data instanceof Float64Array
        ? data
        : Float64Array.from(data);
  if (values.length !== rows * cols) {
    throw new RangeError(`matrix: ${rows}×${cols} needs ${rows * cols} values, got ${values.length}`);
  }
  return { rows, cols, data: values };
}
