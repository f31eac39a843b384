import type { FlatVector } from "../../optim/adamw.ts";
import type { Cell } from "../../physics/fluids/cell.ts";
import { verletList } from "../../physics/fluids/verlet-list.ts";
import { compile, type Session } from "../../program/session.ts";
import { type FloatType, floats } from "../token-regressor-init.ts";
import { fillPairs, kindsOf, type PairSlots } from "./neighbours.ts";
import type { TracedPotential } from "./traced.ts";
import { slopesProgram } from "./train-programs.ts";

/** Energy and forces of a trained network, as `simulate` takes them, with a neighbour list kept from step to step. */
export interface TracedForces {
  /** Fills `forces` (kcal/mol/Å) for `positions` (Å) and gives the energy, kcal/mol. One call at a time. */
  compute(positions: Float64Array, forces: Float64Array): Promise<number>;
  /** Σ r_a f_b of the last call, row-major 3×3, kcal/mol. */
  readonly virial: Float64Array;
  /** Forget the neighbour list. */
  reset(): void;
  /** Frees native memory. */
  release(): Promise<void>;
}

/**
 * Forces of the network with these parameters for beads of `species` in `within`: the slopes of the energy along the
 * pairs come from the compiled program, distances and sums over pairs are float64. A program has a fixed number of
 * pairs: it starts with `options.pairs` (default: 5 % more than the first frame has) and is compiled anew if a frame
 * has more.
 * @param options.dtype precision of the network; float64 by default, where energy is conserved to rounding.
 * @throws UserError for a species that the network does not know; `compute` as `pairList`.
 */
export function tracedForces(
  model: TracedPotential,
  parameters: FlatVector,
  within: Cell,
  species: readonly string[],
  options: { dtype?: FloatType; skin?: number; floor?: number; pairs?: number; threads?: number } = {},
): TracedForces {
  const { dtype = "float64", threads, skin, floor } = options;
  const { cutoff } = model.config;
  const kinds = kindsOf(species, model.config.species, "tracedForces");
  const list = verletList(within, cutoff, {
    ...(skin === undefined ? {} : { skin }),
    ...(floor === undefined ? {} : { floor }),
  });
  const flat = floats(dtype, parameters.length);
  flat.set(parameters);
  const virial = new Float64Array(9);
  let session: Session | undefined;
  let slots = emptySlots(0);
  const makeRoom = async (pairs: number): Promise<void> => {
    await session?.release();
    session = undefined;
    slots = emptySlots(Math.max(options.pairs ?? 0, Math.ceil(1.05 * pairs) + 8));
    const shape = { frames: 1, pairs: slots.first.length, kinds, dtype };
    session = await compile(slopesProgram(model, shape), threads ? { threads } : {});
  };
  return {
    virial,
    reset: () => list.reset(),
    async release() {
      await session?.release();
      session = undefined;
    },
    async compute(positions, forces) {
      const pairs = list.pairs(positions);
      let used = fillPairs(pairs, positions, cutoff, slots);
      if (session === undefined || used > slots.first.length) {
        await makeRoom(used);
        used = fillPairs(pairs, positions, cutoff, slots);
      }
      const { first, second, vectors, weights } = slots;
      const [energies, slopes] = await session!.run([
        flat,
        first,
        second,
        inPrecision(vectors, dtype),
        inPrecision(weights, dtype),
      ]);
      forces.fill(0);
      virial.fill(0);
      for (let p = 0; p < used; p++) {
        const [i, j] = [3 * first[p]!, 3 * second[p]!];
        for (let k = 0; k < 3; k++) {
          const slope = slopes![3 * p + k]!;
          forces[i + k]! += slope;
          forces[j + k]! -= slope;
          for (let a = 0; a < 3; a++) virial[3 * a + k]! -= vectors[3 * p + a]! * slope;
        }
      }
      return energies![0]!;
    },
  };
}

function emptySlots(pairs: number): PairSlots {
  return {
    first: new Int32Array(pairs),
    second: new Int32Array(pairs),
    vectors: new Float64Array(3 * pairs),
    weights: new Float64Array(pairs),
  };
}

function inPrecision(values: Float64Array, dtype: FloatType): FlatVector {
  return dtype === "float64" ? values : Float32Array.from(values);
}
