import { spec } from "../../program/dtype.ts";
import * as o from "../../program/ops/index.ts";
import { type Program, trace } from "../../program/trace.ts";
import { grad, valueAndGrad } from "../../program/transform/index.ts";
import type { FloatType } from "../token-regressor-init.ts";
import { type PairValues, pairEnds, type TracedPotential } from "./traced.ts";

/** As `PairValues`, in the form transformations take. */
export type Pairs = { [K in keyof PairValues]: o.Value };

/** Extents of a batch: they are fixed in a program. */
export interface BatchShape {
  frames: number;
  /** Pairs a frame, padding included. */
  pairs: number;
  /** Row of the embedding for each bead of a frame. */
  kinds: Int32Array;
  dtype: FloatType;
}

/**
 * (parameters, first, second, vectors, weights) → energies [frames], and the slopes ∂E/∂(vector of a pair)
 * [frames, pairs, 3], exact by differentiation of the traced energy: the first bead of a pair feels +slope, the second
 * −slope, and −Σ vector⊗slope is the virial.
 */
export function slopesProgram(model: TracedPotential, batch: BatchShape): Program {
  return trace(
    (flat, pairs) => {
      const energies = model.energies(flat, pairs, batch.kinds);
      return { energies, slopes: slopesOf(model, flat, pairs, batch.kinds) };
    },
    [spec([model.layout.size], batch.dtype), pairSpecs(batch)],
    { name: "energies and slopes", names: ["parameters", "pairs"] },
  );
}

/** (parameters, first, second, vectors, weights) → energies [frames] and forces −∂E/∂R [frames, beads, 3]. */
export function forcesProgram(model: TracedPotential, batch: BatchShape): Program {
  return trace(
    (flat, pairs) => ({
      energies: model.energies(flat, pairs, batch.kinds),
      forces: forcesOf(model, flat, pairs, batch.kinds),
    }),
    [spec([model.layout.size], batch.dtype), pairSpecs(batch)],
    { name: "energies and forces", names: ["parameters", "pairs"] },
  );
}

/**
 * (parameters, first, second, vectors, weights, forces, energies) → the loss and its gradient by the parameters,
 *
 *     ⟨(F − F_ref)²⟩ + λ⟨((E − E_ref)/beads)²⟩
 *
 * with the means over all components of all forces, and over frames. It holds second derivatives of the network, exact.
 * @param energyWeight λ, 1/Å²; 0 leaves energies out: they are then no input.
 * @param options.clip a gradient longer than this is shortened to it.
 */
export function forceLossProgram(
  model: TracedPotential,
  batch: BatchShape,
  energyWeight: number,
  options: { clip?: number } = {},
): Program {
  const { frames, kinds, dtype } = batch;
  const { clip } = options;
  const beads = kinds.length;
  const loss = (flat: o.Value, pairs: Pairs, targets: { forces: o.Value; energies?: o.Value }) => {
    const forceLoss = o.mean(o.square(o.sub(forcesOf(model, flat, pairs, kinds), targets.forces)));
    if (targets.energies === undefined) return forceLoss;
    const errors = o.mul(o.sub(model.energies(flat, pairs, kinds), targets.energies), 1 / beads);
    return o.add(forceLoss, o.mul(o.mean(o.square(errors)), energyWeight));
  };
  const targets = {
    forces: spec([frames, beads, 3], dtype),
    ...(energyWeight > 0 ? { energies: spec([frames], dtype) } : {}),
  };
  return trace(
    (flat, pairs, given) => {
      const [value, gradient] = valueAndGrad(loss)(flat, pairs, given as { forces: o.Value });
      return { loss: value, gradient: clip === undefined ? gradient : shortened(gradient, clip) };
    },
    [spec([model.layout.size], dtype), pairSpecs(batch), targets],
    { name: "force-matching loss and gradient", names: ["parameters", "pairs", "targets"] },
  );
}

function shortened(gradient: o.Value, longest: number): o.Value {
  const length = o.sqrt(o.add(o.sum(o.square(gradient)), 1e-30));
  return o.mul(gradient, o.minimum(o.mul(o.reciprocal(length), longest), 1));
}

function slopesOf(model: TracedPotential, flat: o.Value, pairs: PairValues, kinds: Int32Array): o.Value {
  const total = (vectors: o.Value) => o.sum(model.energies(flat, { ...pairs, vectors }, kinds));
  return grad(total)(pairs.vectors);
}

function forcesOf(model: TracedPotential, flat: o.Value, pairs: PairValues, kinds: Int32Array): o.Value {
  const slopes = o.reshape(slopesOf(model, flat, pairs, kinds), [-1, 3]);
  const ends = pairEnds(pairs, kinds.length);
  const forces = o.sub(ends.toFirst(slopes), ends.toSecond(slopes));
  return o.reshape(forces, [pairs.weights.shape[0]!, kinds.length, 3]);
}

/** What a program takes of the pairs. */
export function pairSpecs({ frames, pairs, dtype }: BatchShape) {
  const index = spec([frames, pairs], "int32");
  return {
    first: index,
    second: index,
    vectors: spec([frames, pairs, 3], dtype),
    weights: spec([frames, pairs], dtype),
  };
}
