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

/** Hyper-parameters of a PaiNN. Plain data: it crosses threads and stands in files. */
export interface PainnConfig extends NetworkConfig {
  architecture: "painn";
}

/** Under the root of |Vμ|² + ε, which has no slope where the vectors are zero. */
const epsilon = 1e-8;

/**
 * The traced PaiNN of `config`: F scalars q and F vectors μ a bead, with u the direction from receiver to sender and
 * filters w = (A e(r) + a)·c(r):
 *
 *     (s, v_r, v_m) = w_ij ⊙ B₂ silu(B₁ q_j)        q_i ← q_i + Σ_j s        μ_i ← μ_i + Σ_j (v_r ⊗ u_ij + v_m ⊙ μ_j)
 *     (V, W) = U μ        (a_q, a_μ, a_qμ) = D₂ silu(D₁ [q ‖ √(|V|² + ε)])
 *     q ← q + a_q + a_qμ ⊙ ⟨V, W⟩        μ ← μ + a_μ ⊙ W        E = Σ_i w₂ silu(W₁ q_i + b₁) + b₂
 *
 * Names of the parameters are SchNetPack's. @throws UserError for a hyper-parameter out of range.
 * Source: Schütt, Unke & Gastegger, ICML 2021.
 */
export function tracedPainn(config: PainnConfig): TracedPotential {
  const steps = Array.from({ length: config.layers }, (_, t) => [
    `representation.interactions.${t}.interatomic_context_net.0`,
    `representation.mixing.${t}.intraatomic_context_net.0`,
  ]).flat();
  const model: TracedPotential = {
    config,
    layout: potentialLayout(config),
    calibration: [...steps, "output_modules.0.outnet.0"].map((name) => [
      { dense: name, site: name, how: "units" },
    ]),
    energies: (flat, pairs, kinds) => painnEnergies(model, flat, pairs, kinds),
  };
  return model;
}

function painnEnergies(
  { config, layout }: TracedPotential,
  flat: o.Value,
  pairs: PairValues,
  kinds: Int32Array,
): o.Value {
  const { features: F, layers } = config;
  const [frames, count] = pairs.weights.shape as [number, number];
  const [beads, edges] = [frames * kinds.length, frames * count];
  const p = layout.views(flat) as Record<string, o.Value>;
  const linear = (x: o.Value, name: string) => o.matmul(x, o.transpose(p[`${name}.weight`]!));
  const dense = (x: o.Value, name: string) => o.add(linear(x, name), p[`${name}.bias`]!);
  const network = (x: o.Value, name: string) =>
    dense(o.silu(site(`${name}.0`, dense(x, `${name}.0`))), `${name}.1`);
  const part = (x: o.Value, k: number) => o.slice(x, [], [k * F, (k + 1) * F]);
  const ends = pairEnds(pairs, kinds.length);
  const { basis, weight, distances } = radial(config, pairs);
  const unit = o.reshape(o.div(o.reshape(pairs.vectors, [-1, 3]), distances), [edges, 3, 1]);
  const filters = o.mul(dense(basis, "representation.filter_net"), weight);
  let q = embedded(p["representation.embedding.weight"]!, kinds, frames);
  let mu: o.Value | undefined;
  for (let t = 0; t < layers; t++) {
    const phi = network(q, `representation.interactions.${t}.interatomic_context_net`);
    const filter = o.slice(filters, [], [3 * t * F, 3 * (t + 1) * F]);
    const state = mu === undefined ? phi : o.concatenate([phi, o.reshape(mu, [beads, 3 * F])], 1);
    const messages = (sent: o.Value, direction: o.Value) => {
      const carried = o.mul(o.slice(sent, [], [0, 3 * F]), filter);
      const row = (k: number) => o.reshape(part(carried, k), [edges, 1, F]);
      let vectors = o.mul(row(1), direction);
      if (mu !== undefined) {
        const held = o.reshape(o.slice(sent, [], [3 * F, 6 * F]), [edges, 3, F]);
        vectors = o.add(vectors, o.mul(row(2), held));
      }
      return o.concatenate([part(carried, 0), o.reshape(vectors, [edges, 3 * F])], 1);
    };
    const received = o.add(
      ends.toFirst(messages(ends.ofSecond(state), unit)),
      ends.toSecond(messages(ends.ofFirst(state), o.neg(unit))),
    );
    q = o.add(q, part(received, 0));
    const pushed = o.reshape(o.slice(received, [], [F, 4 * F]), [beads, 3, F]);
    const met = mu === undefined ? pushed : o.add(mu, pushed);
    const vw = o.matmul(met, o.transpose(p[`representation.mixing.${t}.mu_channel_mix.weight`]!));
    const [v, w] = [o.slice(vw, [], [], [0, F]), o.slice(vw, [], [], [F, 2 * F])];
    const length = o.sqrt(o.add(o.sum(o.square(v), { axis: 1 }), epsilon));
    const a = network(o.concatenate([q, length], 1), `representation.mixing.${t}.intraatomic_context_net`);
    q = o.add(q, o.add(part(a, 0), o.mul(part(a, 2), o.sum(o.mul(v, w), { axis: 1 }))));
    if (t < layers - 1) mu = o.add(met, o.mul(o.reshape(part(a, 1), [beads, 1, F]), w));
  }
  return readout(p, q, frames);
}
