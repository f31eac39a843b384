import { demand, UserError } from "../../core/errors.ts";
import type { NumericArray } from "../../data/array.ts";
import { type Dense, transposed } from "./dense.ts";
import type { RadialBasis } from "./radial.ts";

/** Named weights of a network, as a safetensors file holds them. Linear weights are outputs×inputs. */
export type NamedWeights = ReadonlyMap<string, NumericArray>;

/** Takes named weights by name and shape; every failure names the tensor. */
export interface WeightReader {
  has(name: string): boolean;
  shape(name: string): readonly number[];
  /** The numbers of a tensor in float64. `shape` has −1 where any length will do. */
  array(name: string, shape: readonly number[]): Float64Array;
  /** `${name}.weight` (outputs×inputs) and, unless `bias` is false, `${name}.bias`. */
  dense(name: string, outputs: number, inputs: number, options?: { bias?: boolean }): Dense;
  /** @throws UserError naming tensors that were not asked for. */
  finish(): void;
}

/** A reader of `weights`. @param source what the weights are called in messages. */
export function weightReader(weights: NamedWeights, source: string): WeightReader {
  const used = new Set<string>();
  const found = (name: string): NumericArray => {
    const tensor = weights.get(name);
    if (tensor) return tensor;
    throw new UserError(
      `${source}: there is no tensor '${name}'; there are ${[...weights.keys()].join(", ")}`,
    );
  };
  const self: WeightReader = {
    has: (name) => weights.has(name),
    shape: (name) => found(name).shape,
    array(name, shape) {
      const tensor = found(name);
      used.add(name);
      demand(
        tensor.shape.length === shape.length && shape.every((n, k) => n < 0 || n === tensor.shape[k]),
        () =>
          `${source}: tensor '${name}' has the shape [${tensor.shape}]; this architecture needs [${shape.map((n) => (n < 0 ? "any" : n))}]`,
      );
      const out = Float64Array.from(tensor.data as ArrayLike<number>, Number);
      const bad = out.findIndex((value) => !Number.isFinite(value));
      demand(
        bad < 0,
        () => `${source}: tensor '${name}' holds ${out[bad]} at ${bad}; expected finite numbers`,
      );
      return out;
    },
    dense(name, outputs, inputs, { bias = true } = {}) {
      const w = self.array(`${name}.weight`, [outputs, inputs]);
      return {
        inputs,
        outputs,
        w,
        wt: transposed(w, outputs, inputs),
        ...(bias ? { bias: self.array(`${name}.bias`, [outputs]) } : {}),
      };
    },
    finish() {
      const left = [...weights.keys()].filter((name) => !used.has(name));
      demand(
        left.length === 0,
        () => `${source}: tensors that this architecture has no place for: ${left.join(", ")}`,
      );
    },
  };
  return self;
}

/**
 * Gaussian basis and cutoff as published (`representation.radial_basis.*`, `representation.cutoff_fn.cutoff`), or
 * `given` where the weights do not hold them. @throws UserError for lengths that are not above 0.
 */
export function readBasis(reader: WeightReader, given?: RadialBasis): RadialBasis {
  if (given && !reader.has("representation.radial_basis.offsets")) return given;
  const offsets = reader.array("representation.radial_basis.offsets", [-1]);
  const widths = reader.array("representation.radial_basis.widths", [offsets.length]);
  const cutoff = reader.array("representation.cutoff_fn.cutoff", [1])[0]!;
  demand(
    cutoff > 0 && widths.every((w) => w > 0),
    () =>
      `readBasis: cutoff ${cutoff} Å, narrowest Gaussian ${Math.min(...widths)} Å; expected lengths above 0`,
  );
  return { offsets, widths, cutoff };
}

/** Names with an index that all start with `prefix`: how many layers a file holds. */
export function countLayers(weights: NamedWeights, prefix: string): number {
  let count = 0;
  while ([...weights.keys()].some((name) => name.startsWith(`${prefix}.${count}.`))) count++;
  return count;
}
