import * as o from "../../program/ops/index.ts";
import { site } from "../../program/sites.ts";
import { degreeOf, exactCouplings } from "./clebsch-gordan.ts";
import { exactHarmonics } from "./spherical-harmonics.ts";
import {
  embedded,
  type NetworkConfig,
  type PairValues,
  pairEnds,
  potentialLayout,
  radial,
  readout,
  type TracedPotential,
} from "./traced.ts";

/** Hyper-parameters of an SO3net. Plain data: it crosses threads and stands in files. */
export interface So3netConfig extends NetworkConfig {
  architecture: "so3net";
  /** Highest degree of the harmonics, 0 to 2. */
  lmax: number;
}

/**
 * The traced SO3net of `config`: features of a bead have components s = (l, m) of real harmonics Y, coupled by
 * Clebsch–Gordan coefficients C. With filters W_l = (A e(r) + a)·c(r) and σ the logistic function:
 *
 *     m_i[s] = Σ_j Σ C(s₁,s₂→s) Y_ij[s₁] W_ij[l₁] ⊙ x_j[s₂]        m ← m + C(m, m M₁)        m ← m M₂
 *     x_i[s] ← x_i[s] + (σ(G m_i[0] + g)[l] ⊙ m_i[s]) M₃            E = Σ_i w₂ silu(W₁ x_i[0] + b₁) + b₂
 *
 * A product of harmonics of two neighbours holds the angle between them: l ≤ 2 gives its cosine and the square of it in
 * one layer. Harmonics and couplings are exact. Names of the parameters are SchNetPack's.
 * @throws UserError for a hyper-parameter out of range.
 * Source: Schütt, Hessmann, Gebauer, Lederer & Gastegger, J. Chem. Phys. 158 (2023) 144801.
 */
export function tracedSo3net(config: So3netConfig): TracedPotential {
  const range = Array.from({ length: config.layers }, (_, t) => t);
  const model: TracedPotential = {
    config,
    layout: potentialLayout(config),
    calibration: [
      ...range.flatMap((t) => [
        [
          {
            dense: `representation.so3convs.${t}.filternet`,
            site: `representation.so3convs.${t}`,
            how: "scale",
          },
        ] as const,
        [
          { dense: `representation.mixings2.${t}`, site: `representation.mixings2.${t}`, how: "scale" },
        ] as const,
        [
          {
            dense: `representation.gatings.${t}.scaling`,
            site: `representation.gatings.${t}.scaling`,
            how: "units",
          },
        ] as const,
      ]),
      [{ dense: "output_modules.0.outnet.0", site: "output_modules.0.outnet.0", how: "units" }],
    ],
    energies: (flat, pairs, kinds) => so3netEnergies(model, config.lmax, flat, pairs, kinds),
  };
  return model;
}

function so3netEnergies(
  { config, layout: places }: TracedPotential,
  lmax: number,
  flat: o.Value,
  pairs: PairValues,
  kinds: Int32Array,
): o.Value {
  const { features, layers } = config;
  const [frames, count] = pairs.weights.shape as [number, number];
  const dtype = o.dtypeOf(flat) as "float32" | "float64";
  const [size, degrees] = [(lmax + 1) ** 2, lmax + 1];
  const [beads, edges] = [frames * kinds.length, 2 * frames * count];
  const p = places.views(flat) as Record<string, o.Value>;
  const linear = (x: o.Value, name: string) => o.matmul(x, o.transpose(p[`${name}.weight`]!));
  const dense = (x: o.Value, name: string) => o.add(linear(x, name), p[`${name}.bias`]!);
  const table = constants(lmax, dtype);
  const ends = pairEnds(pairs, kinds.length);
  const { basis, weight, distances } = radial(config, pairs);
  const y = harmonics(o.div(o.reshape(pairs.vectors, [-1, 3]), distances), lmax);
  // Both directions of a pair: the filter is the same, harmonics of odd degree change sign.
  const both = o.concatenate([y, o.mul(y, table.parity)]);
  const coupled = o.reshape(o.matmul(both, table.bySender), [edges, degrees, size, size]);
  const spreadDegrees = (x: o.Value) => {
    const rows = x.shape[0]!;
    const each = o.reshape(x, [rows, degrees, features]);
    return o.concatenate(
      table.components.map((l) => o.slice(each, [], [l, l + 1], [])),
      1,
    );
  };
  let scalar = embedded(p["representation.embedding.weight"]!, kinds, frames);
  let x: o.Value | undefined;
  for (let t = 0; t < layers; t++) {
    const last = t === layers - 1;
    const rows = last ? 1 : size;
    const filter = o.mul(dense(basis, `representation.so3convs.${t}.filternet`), weight);
    const filters = o.concatenate([filter, filter]);
    let messages: o.Value;
    if (x === undefined) {
      const sent = o.concatenate([ends.ofSecond(scalar), ends.ofFirst(scalar)]);
      const carried = o.mul(spreadDegrees(filters), o.reshape(sent, [edges, 1, features]));
      messages = o.mul(carried, o.reshape(both, [edges, size, 1]));
    } else {
      const flatX = o.reshape(x, [beads, size * features]);
      const sent = o.reshape(o.concatenate([ends.ofSecond(flatX), ends.ofFirst(flatX)]), [
        edges,
        size,
        features,
      ]);
      const turned = o.matmul(o.reshape(coupled, [edges, degrees * size, size]), sent);
      const byDegree = o.mul(
        o.reshape(turned, [edges, degrees, size, features]),
        o.reshape(filters, [edges, degrees, 1, features]),
      );
      messages = o.sum(byDegree, { axis: 1 });
    }
    const flatMessages = o.reshape(messages, [edges, size * features]);
    const received = o.add(
      ends.toFirst(o.slice(flatMessages, [0, edges / 2], [])),
      ends.toSecond(o.slice(flatMessages, [edges / 2, edges], [])),
    );
    const pooled = site(`representation.so3convs.${t}`, o.reshape(received, [beads, size, features]));
    const partner = linear(pooled, `representation.mixings1.${t}`);
    const outer = o.mul(
      o.reshape(pooled, [beads, size, 1, features]),
      o.reshape(partner, [beads, 1, size, features]),
    );
    const couple = last ? table.toScalar : table.toAll;
    const product = o.einsum("cp,npf->ncf", couple, o.reshape(outer, [beads, size * size, features]));
    const kept = last ? o.slice(pooled, [], [0, 1], []) : pooled;
    const mixed = site(
      `representation.mixings2.${t}`,
      linear(o.add(kept, product), `representation.mixings2.${t}`),
    );
    const central = o.reshape(o.slice(mixed, [], [0, 1], []), [beads, features]);
    const gateInput = site(
      `representation.gatings.${t}.scaling`,
      dense(central, `representation.gatings.${t}.scaling`),
    );
    const gate = spreadDegrees(o.sigmoid(gateInput));
    const gated = o.mul(mixed, last ? o.slice(gate, [], [0, 1], []) : gate);
    const change = linear(gated, `representation.mixings3.${t}`);
    scalar = o.add(scalar, o.reshape(o.slice(change, [], [0, 1], []), [beads, features]));
    if (last) break;
    const others = o.slice(change, [], [1, size], []);
    const before = x === undefined ? others : o.add(o.slice(x, [], [1, size], []), others);
    x =
      rows === 1
        ? o.reshape(scalar, [beads, 1, features])
        : o.concatenate([o.reshape(scalar, [beads, 1, features]), before], 1);
  }
  return readout(p, scalar, frames);
}

/** Y of unit vectors [n, 3]: [n, (lmax + 1)²], in the order 1; y, z, x; xy, yz, z², xz, x² − y². */
function harmonics(unit: o.Value, lmax: number): o.Value {
  const by = exactHarmonics;
  const [x, y, z] = [0, 1, 2].map((k) => o.slice(unit, [], [k, k + 1])) as [o.Value, o.Value, o.Value];
  const columns = [o.full(x.shape, by.one, o.dtypeOf(unit))];
  if (lmax > 0) columns.push(o.mul(y, by.first), o.mul(z, by.first), o.mul(x, by.first));
  if (lmax > 1) {
    columns.push(o.mul(o.mul(x, y), by.xy), o.mul(o.mul(y, z), by.yz));
    columns.push(o.mul(o.sub(o.mul(o.square(z), 1.5), 0.5), by.zz));
    columns.push(o.mul(o.mul(x, z), by.yz), o.mul(o.sub(o.square(x), o.square(y)), by.xx));
  }
  return o.concatenate(columns, 1);
}

/** Couplings as matrices. */
function constants(lmax: number, dtype: "float32" | "float64") {
  const size = (lmax + 1) ** 2;
  const degrees = lmax + 1;
  const table = exactCouplings(lmax);
  const components = Array.from({ length: size }, (_, s) => degreeOf(s));
  const bySender = new Float64Array(size * degrees * size * size);
  const toAll = new Float64Array(size * size * size);
  for (let k = 0; k < table.count; k++) {
    const [a, b, c] = [table.first[k]!, table.second[k]!, table.third[k]!];
    bySender[((a * degrees + degreeOf(a)) * size + c) * size + b] = table.value[k]!;
    toAll[(c * size + a) * size + b] = table.value[k]!;
  }
  const value = (data: Float64Array, shape: number[]) => o.constant([...data], shape, dtype);
  return {
    components,
    parity: o.constant(
      components.map((l) => (l % 2 === 0 ? 1 : -1)),
      [size],
      dtype,
    ),
    /** Y → [degree of Y, receiver's component, sender's component]. */
    bySender: value(bySender, [size, degrees * size * size]),
    toAll: value(toAll, [size, size * size]),
    toScalar: value(toAll.slice(0, size * size), [1, size * size]),
  };
}
