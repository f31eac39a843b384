import { type Couplings, degreeOf } from "./clebsch-gordan.ts";

/** Couplings made ready for kernels: degrees beside components. */
export interface CouplingTable extends Couplings {
  degree: Int32Array;
  /** Entries whose second component is 0: all that a scalar sender needs. */
  scalarSender: Int32Array;
  all: Int32Array;
}

/** Prepares couplings. */
export function couplingTable(of: Couplings): CouplingTable {
  const all = Int32Array.from({ length: of.count }, (_, k) => k);
  return {
    ...of,
    degree: of.first.map(degreeOf),
    scalarSender: all.filter((k) => of.second[k] === 0),
    all,
  };
}

/** out[s] += Σ C(s₁,s₂→s) Y[s₁] W[l₁] ⊙ x[s₂]: the message of one edge. Rows of F numbers a component. */
export function addMessage(
  table: CouplingTable,
  entries: Int32Array,
  features: number,
  y: Float64Array,
  yAt: number,
  w: Float64Array,
  wAt: number,
  x: Float64Array,
  xAt: number,
  out: Float64Array,
  outAt: number,
): void {
  for (const k of entries) {
    const scale = table.value[k]! * y[yAt + table.first[k]!]!;
    let p = wAt + table.degree[k]! * features;
    let q = xAt + table.second[k]! * features;
    let o = outAt + table.third[k]! * features;
    for (const end = o + features; o < end; o++, p++, q++) out[o]! += scale * w[p]! * x[q]!;
  }
}

/** out[s₂] += Σ C(s₁,s₂→s) Y[s₁] W[l₁] ⊙ g[s]: the transpose of {@link addMessage}. */
export function addMessageBack(
  table: CouplingTable,
  entries: Int32Array,
  features: number,
  y: Float64Array,
  yAt: number,
  w: Float64Array,
  wAt: number,
  g: Float64Array,
  gAt: number,
  out: Float64Array,
  outAt: number,
): void {
  for (const k of entries) {
    const scale = table.value[k]! * y[yAt + table.first[k]!]!;
    let p = wAt + table.degree[k]! * features;
    let q = gAt + table.third[k]! * features;
    let o = outAt + table.second[k]! * features;
    for (const end = o + features; o < end; o++, p++, q++) out[o]! += scale * w[p]! * g[q]!;
  }
}

/** What the geometry of one edge feels: gradients by Y (components) and by W (degrees×F), for message cotangent g. */
export function addMessageGeometry(
  table: CouplingTable,
  entries: Int32Array,
  features: number,
  y: Float64Array,
  yAt: number,
  w: Float64Array,
  wAt: number,
  x: Float64Array,
  xAt: number,
  g: Float64Array,
  gAt: number,
  outY: Float64Array,
  outW: Float64Array,
): void {
  for (const k of entries) {
    const c = table.value[k]!;
    const scale = c * y[yAt + table.first[k]!]!;
    const wRow = table.degree[k]! * features;
    const xRow = xAt + table.second[k]! * features;
    const gRow = gAt + table.third[k]! * features;
    let sum = 0;
    for (let f = 0; f < features; f++) {
      const product = x[xRow + f]! * g[gRow + f]!;
      sum += w[wAt + wRow + f]! * product;
      outW[wRow + f]! += scale * product;
    }
    outY[table.first[k]!]! += c * sum;
  }
}

/** out[s] += scale Σ C(s₁,s₂→s) u[s₁] ⊙ v[s₂] for s < components: the on-site product of two rows. */
export function addProduct(
  table: CouplingTable,
  features: number,
  components: number,
  scale: number,
  u: Float64Array,
  uAt: number,
  v: Float64Array,
  vAt: number,
  out: Float64Array,
  outAt: number,
): void {
  for (let k = 0; k < table.count; k++) {
    if (table.third[k]! >= components) continue;
    const c = scale * table.value[k]!;
    let p = uAt + table.first[k]! * features;
    let q = vAt + table.second[k]! * features;
    let o = outAt + table.third[k]! * features;
    for (const end = o + features; o < end; o++, p++, q++) out[o]! += c * u[p]! * v[q]!;
  }
}

/**
 * The two transposes of {@link addProduct}: outU[s₁] += scale Σ C v[s₂] ⊙ g[s] and outV[s₂] += scale Σ C u[s₁] ⊙ g[s],
 * from the components s < `components` of g.
 */
export function addProductBack(
  table: CouplingTable,
  features: number,
  components: number,
  scale: number,
  u: Float64Array,
  uAt: number,
  v: Float64Array,
  vAt: number,
  g: Float64Array,
  gAt: number,
  outU: Float64Array,
  outUAt: number,
  outV: Float64Array,
  outVAt: number,
): void {
  for (let k = 0; k < table.count; k++) {
    if (table.third[k]! >= components) continue;
    const c = scale * table.value[k]!;
    const s1 = table.first[k]! * features;
    const s2 = table.second[k]! * features;
    const s3 = gAt + table.third[k]! * features;
    for (let f = 0; f < features; f++) {
      const h = c * g[s3 + f]!;
      outU[outUAt + s1 + f]! += h * v[vAt + s2 + f]!;
      outV[outVAt + s2 + f]! += h * u[uAt + s1 + f]!;
    }
  }
}
