import * as o from "../../program/ops/index.ts";
import { site } from "../../program/sites.ts";
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

/** Hyper-parameters of a SchNet. Plain data: it crosses threads and stands in files. */
export interface SchNetConfig extends NetworkConfig {
  architecture: "schnet";
}

/**
 * The traced SchNet of `config`. With ssp(x) = ln(1 + eˣ) − ln 2, Gaussians e(r) of the distance, c(r) = ½(1 + cos(πr/r_c))
 * and x⁰ the embedding of the species:
 *
 *     W_ij = [A₂ ssp(A₁ e(r_ij))]·c(r_ij)    m_i = Σ_j (W_in x_j) ⊙ W_ij    x_i ← x_i + B₂ ssp(B₁ m_i)
 *     E = Σ_i w₂ silu(W₁ x_i + b₁) + b₂
 *
 * (A, B, W₁ with biases; weights are [out, in]). What enters an activation is a site with the layer's name. A pair is
 * listed once and its filter, which is the same both ways, computed once.
 * @throws UserError for a hyper-parameter out of range.
 * Source: Schütt et al., J. Chem. Phys. 148 (2018) 241722; names and read-out as in SchNetPack 2 (2023).
 */
export function tracedSchnet(config: SchNetConfig): TracedPotential {
  const names = Array.from({ length: config.layers }, (_, t) => `representation.interactions.${t}`);
  const units = (name: string) => ({ dense: name, site: name, how: "units" }) as const;
  const model: TracedPotential = {
    config,
    layout: potentialLayout(config),
    calibration: [
      names.map((layer) => units(`${layer}.filter_network.0`)),
      ...names.map((layer) => [units(`${layer}.f2out.0`)]),
      [units("output_modules.0.outnet.0")],
    ],
    energies: (flat, pairs, kinds) => schnetEnergies(model, flat, pairs, kinds),
  };
  return model;
}

function schnetEnergies(
  model: TracedPotential,
  flat: o.Value,
  pairs: PairValues,
  kinds: Int32Array,
): o.Value {
  const frames = pairs.weights.shape[0]!;
  const p = model.layout.views(flat) as Record<string, o.Value>;
  const linear = (x: o.Value, name: string) => o.matmul(x, o.transpose(p[`${name}.weight`]!));
  const dense = (x: o.Value, name: string) => o.add(linear(x, name), p[`${name}.bias`]!);
  const activated = (x: o.Value, name: string) => o.shiftedSoftplus(site(name, dense(x, name)));
  const ends = pairEnds(pairs, kinds.length);
  const { basis, weight } = radial(model.config, pairs);
  let x = embedded(p["representation.embedding.weight"]!, kinds, frames);
  for (let t = 0; t < model.config.layers; t++) {
    const layer = `representation.interactions.${t}`;
    const hidden = activated(basis, `${layer}.filter_network.0`);
    const filters = o.mul(dense(hidden, `${layer}.filter_network.1`), weight);
    const sent = linear(x, `${layer}.in2f`);
    const received = o.add(
      ends.toFirst(o.mul(filters, ends.ofSecond(sent))),
      ends.toSecond(o.mul(filters, ends.ofFirst(sent))),
    );
    x = o.add(x, dense(activated(received, `${layer}.f2out.0`), `${layer}.f2out.1`));
  }
  return readout(p, x, frames);
}
