import { demand, UserError } from "../../core/errors.ts";
import type { Provenance } from "../../data/table.ts";
import type { Matrix } from "../../linalg/matrix.ts";

/** A term of a theory, evaluated at every sample: what a component may turn out to be. */
export interface CandidateTerm {
  /** Short, unique, part of metric and file names: "pairing". */
  name: string;
  /** As printed: "pairing". Default: the name. */
  label?: string;
  /** "MeV"; "" for a pure number. */
  unit: string;
  /** One a sample. */
  values: ArrayLike<number>;
  /** Belongs to the smooth trends that are projected out before the other terms are looked for. */
  smooth: boolean;
}

/** A whole-number coordinate of the samples: neighbouring samples differ by one. */
export interface LatticeAxis {
  /** "N" */
  name: string;
  /** As printed on the axis: "neutron number N". Default: the name. */
  label?: string;
  values: ArrayLike<number>;
  /** Coordinates with a line across the chart, such as magic numbers. */
  marked?: readonly number[];
}

/** The last layer of one trained model before a linear readout, and the theory it is held against. */
export interface FeatureSubject {
  /** Activations, samples × width. */
  rows: Matrix;
  /** The model's output is offset + scale·(row·weights + bias), in `unit`. */
  readout: { weights: ArrayLike<number>; bias: number; scale: number; offset: number };
  /** What the output should be, one a sample. */
  target: ArrayLike<number>;
  /** What output and target are: "binding energy". */
  quantity: string;
  unit: string;
  terms: readonly CandidateTerm[];
  /** Where the samples lie, drawn to the right and upwards. No two samples share both coordinates. */
  x: LatticeAxis;
  y: LatticeAxis;
  /** Errors to compare with, such as a fitted formula's, in `unit`. */
  references?: readonly { label: string; value: number }[];
  provenance?: readonly Provenance[];
}

/** A term's name as it is printed. */
export function labelOf({ name, label }: { name: string; label?: string }): string {
  return label ?? name;
}

/** Refuses a subject that cannot be looked at. @throws UserError naming the field and what is wrong. */
export function checkSubject({ rows, readout, target, terms, x, y }: FeatureSubject): void {
  const where = "features lens";
  const { rows: samples, cols: width } = rows;
  demand(samples >= 12, () => `${where}: ${samples} samples; needs at least 12`);
  demand(width >= 3, () => `${where}: activations have ${width} dimensions; needs at least 3`);
  demand(
    readout.weights.length === width,
    () => `${where}: ${readout.weights.length} readout weights for activations of width ${width}`,
  );
  demandFinite(rows.data, (k) => `${where}: row ${Math.floor(k / width)}, dimension ${k % width}`);
  demandFinite(readout.weights, (k) => `${where}: readout weight ${k}`);
  const { bias, scale, offset } = readout;
  demandFinite([bias, scale, offset], (k) => `${where}: readout ${["bias", "scale", "offset"][k]}`);
  const each = (values: ArrayLike<number>, what: string) => {
    demand(
      values.length === samples,
      () => `${where}: ${samples} rows of activations but ${values.length} values of ${what}`,
    );
    demandFinite(values, (k) => `${where}: ${what} of sample ${k}`);
  };
  each(target, "the target");
  demand(terms.length > 0, () => `${where}: no candidate term`);
  const names = terms.map(({ name }) => name);
  for (const [i, { name, values }] of terms.entries()) {
    demand(
      /^[A-Za-z][A-Za-z0-9]*$/.test(name),
      () =>
        `${where}: term '${name}': a name is made of letters and digits, for it becomes part of metric names`,
    );
    demand(names.indexOf(name) === i, () => `${where}: term '${name}' is there twice`);
    each(values, `term '${name}'`);
    const first = values[0]!;
    demand(
      Array.prototype.some.call(values, (value: number) => value !== first),
      () => `${where}: term '${name}' is ${first} at every sample; a constant matches nothing`,
    );
  }
  checkLattice(x, y, each);
}

function checkLattice(
  x: LatticeAxis,
  y: LatticeAxis,
  each: (values: ArrayLike<number>, what: string) => void,
): void {
  for (const { name, values } of [x, y]) {
    each(values, `coordinate ${name}`);
    const bad = Array.prototype.findIndex.call(values, (value: number) => !Number.isInteger(value));
    demand(
      bad < 0,
      () => `features lens: coordinate ${name} of sample ${bad} is ${values[bad]}; expected a whole number`,
    );
  }
  for (const { name, values } of [x, y]) {
    const span = Math.max(...Array.from(values)) - Math.min(...Array.from(values));
    demand(
      span < 1000,
      () => `features lens: coordinate ${name} spans ${span}; random fields are drawn on at most 1000 steps`,
    );
  }
  const seen = new Map<string, number>();
  for (let i = 0; i < x.values.length; i++) {
    const key = `${x.values[i]} ${y.values[i]}`;
    const before = seen.get(key);
    demand(
      before === undefined,
      () =>
        `features lens: samples ${before} and ${i} are both at ${x.name} = ${x.values[i]}, ${y.name} = ${y.values[i]}`,
    );
    seen.set(key, i);
  }
}

function demandFinite(values: ArrayLike<number>, place: (k: number) => string): void {
  for (let k = 0; k < values.length; k++) {
    if (!Number.isFinite(values[k]!)) {
      throw new UserError(`${place(k)} is ${values[k]}; expected a finite number`);
    }
  }
}
