/** A linear map at every bead, applied to rows: one row for each entry of `beads`. */
export interface BeadRows {
  apply(beads: Int32Array, rows: Float64Array): Float64Array;
  /** Cotangents of what `apply` gives to cotangents of what it takes. */
  transpose(beads: Int32Array, rows: Float64Array): Float64Array;
}
