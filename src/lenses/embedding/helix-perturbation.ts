import { demand } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import type { Matrix } from "../../linalg/matrix.ts";
import { mean, rms, variance } from "../../stats/describe.ts";
import { countMaxima, downwardCurvature } from "./curve-shape.ts";
import {
  changedRows,
  type FittedHelix,
  fitTableHelix,
  helixChange,
  randomDirections,
} from "./helix-change.ts";
import type { PerturbationProbe, TokenTable } from "./subject.ts";

/** The changes of the paper's Figs 13 and 15. */
export const modifications = [
  { name: "length_up", parameter: "length", factor: 1.2 },
  { name: "length_down", parameter: "length", factor: 0.8 },
  { name: "radius_up", parameter: "radius", factor: 1.5 },
  { name: "radius_down", parameter: "radius", factor: 0.5 },
  { name: "frequency_double", parameter: "frequency", factor: 2 },
  { name: "frequency_triple", parameter: "frequency", factor: 3 },
] as const;

export type Modification = (typeof modifications)[number];

/** What a changed pair of tables does to the prediction. Values in the probe's unit. */
export interface Effect {
  /** Mean and standard deviation of changed − own, over all pairs within both windows. */
  offset: number;
  spread: number;
  /** Root mean square of changed − own. */
  size: number;
  /** Downward curvature of the curve over N at the fixed Z, per neutron². */
  curvature: number;
  /** Tops of the curve over Z at the fixed N. */
  maxima: number;
  /** Changed values, in the order of {@link HelixPerturbation.overZ} and overN. */
  overZ: Float64Array;
  overN: Float64Array;
}

/** A helix drawn with other parameters, and the prediction that follows. */
export interface HelixPerturbation {
  z: FittedHelix;
  n: FittedHelix;
  /** Pairs within both windows. */
  pairs: number;
  /** The curves' own tokens, rising: Z at the fixed N, N at the fixed Z. */
  overZ: number[];
  overN: number[];
  /** The untouched model. Offset, spread and size are 0. */
  own: Effect;
  changed: {
    modification: Modification;
    effect: Effect;
    /** The same score changes along random orthonormal directions of the embeddings. */
    controls: Effect[];
  }[];
  /** The shape criteria, each with the share of controls that meet it too. */
  criteria: { name: "H4" | "H5" | "H6"; holds: boolean; controls: number; says: string }[];
}

/**
 * Draws the helices of both tables longer, wider, or with more turns (both at once, as in the paper), gives the changed
 * rows to the model and compares the prediction: over all pairs within both windows, over Z at a fixed N and over N at a
 * fixed Z. As a control the same changes of the scores, so the same size at every token and the same shape along the
 * window, go along three random orthonormal directions in place of the first three components.
 *
 * H4: length × 1.2 shifts the prediction up by more than the shift spreads, × 0.8 down. H5: radius × 1.5 makes the
 * curve over N more curved downwards, × 0.5 less. H6: twice the turns give at least two tops over Z, three times at
 * least three. Source: Kitouni et al. 2024, section 4.2, Figs 13 and 15.
 * @param options.controls random directions a modification; each costs one prediction.
 * @param options.prominence a top's least prominence as a share of its curve's range.
 * @throws UserError for a probe that does not fit the tables or answers with a wrong number of values.
 */
export async function perturbHelix(
  {
    z: tableZ,
    n: tableN,
    windowZ,
    windowN,
  }: {
    z: TokenTable;
    n: TokenTable;
    windowZ?: readonly [number, number];
    windowN?: readonly [number, number];
  },
  probe: PerturbationProbe,
  options: { controls: number; prominence: number },
  { task, random }: { task: Task; random: Random },
): Promise<HelixPerturbation> {
  const [z, n] = [fitTableHelix(tableZ, windowZ), fitTableHelix(tableN, windowN)];
  checkProbe(probe, tableZ, tableN);
  const inside = insidePairs(probe, z, n);
  const overZ = curve(probe.n, probe.z, probe.at.n, inside);
  const overN = curve(probe.z, probe.n, probe.at.z, inside);
  demand(
    overZ.length >= 6 && overN.length >= 6,
    () =>
      `helix perturbation: ${overZ.length} pairs in the windows with N = ${probe.at.n} and ${overN.length} with Z = ${probe.at.z}; needs at least 6 of each: choose other fixed tokens`,
  );
  const predict = async (rowsZ: Matrix, rowsN: Matrix) => {
    task.check();
    const values = await probe.predict({ Z: rowsZ, N: rowsN });
    demand(
      values.length === probe.z.length,
      () => `helix perturbation: asked for ${probe.z.length} predictions, got ${values.length}`,
    );
    const bad = inside.find((i) => !Number.isFinite(values[i]!));
    demand(
      bad === undefined,
      () =>
        `helix perturbation: the prediction at Z = ${probe.z[bad!]}, N = ${probe.n[bad!]} is ${values[bad!]}`,
    );
    return values;
  };
  const before = await predict(tableZ.rows, tableN.rows);
  const effectOf = (values: Float64Array): Effect => {
    const shift = inside.map((i) => values[i]! - before[i]!);
    const along = (rows: readonly number[]) => Float64Array.from(rows, (i) => values[i]!);
    return {
      offset: mean(shift),
      spread: Math.sqrt(variance(shift)),
      size: rms(shift),
      curvature: downwardCurvature(
        overN.map((i) => probe.n[i]!),
        along(overN),
      ),
      maxima: countMaxima(along(overZ), options.prominence),
      overZ: along(overZ),
      overN: along(overN),
    };
  };
  const own = effectOf(before);
  const changed: HelixPerturbation["changed"] = [];
  const steps = modifications.length * (1 + options.controls);
  let done = 0;
  const step = () => task.report(++done / steps, "helix perturbation");
  for (const modification of modifications) {
    const factors = { length: 1, radius: 1, frequency: 1, [modification.parameter]: modification.factor };
    const [dz, dn] = [helixChange(z, factors), helixChange(n, factors)];
    const effect = effectOf(await predict(changedRows(z, dz), changedRows(n, dn)));
    step();
    const controls: Effect[] = [];
    for (let k = 0; k < options.controls; k++) {
      const stream = (name: string) => random.fork("directions", name, k);
      const [uz, un] = [
        randomDirections(3, tableZ.rows.cols, stream("Z")),
        randomDirections(3, tableN.rows.cols, stream("N")),
      ];
      controls.push(effectOf(await predict(changedRows(z, dz, uz), changedRows(n, dn, un))));
      step();
    }
    changed.push({ modification, effect, controls });
  }
  return {
    z,
    n,
    pairs: inside.length,
    overZ: overZ.map((i) => probe.z[i]!),
    overN: overN.map((i) => probe.n[i]!),
    own,
    changed,
    criteria: judge(own, changed),
  };
}

/** Indices of the probe's pairs with both tokens within the windows. @throws UserError if there are too few. */
export function insidePairs(
  probe: Pick<PerturbationProbe, "z" | "n">,
  z: FittedHelix,
  n: FittedHelix,
): number[] {
  const [inZ, inN] = [new Set(z.window.tokens), new Set(n.window.tokens)];
  const inside = Array.from({ length: probe.z.length }, (_, i) => i).filter(
    (i) => inZ.has(probe.z[i]!) && inN.has(probe.n[i]!),
  );
  demand(
    inside.length >= 12,
    () => `helix perturbation: ${inside.length} pairs have both tokens in the windows; needs at least 12`,
  );
  return inside;
}

/** Refuses a probe that does not fit the tables. */
export function checkProbe(
  probe: Pick<PerturbationProbe, "z" | "n">,
  tableZ: TokenTable,
  tableN: TokenTable,
): void {
  demand(
    probe.z.length === probe.n.length,
    () => `helix perturbation: ${probe.z.length} values of Z but ${probe.n.length} of N`,
  );
  for (const [name, values, table] of [
    ["Z", probe.z, tableZ],
    ["N", probe.n, tableN],
  ] as const) {
    const known = new Set(table.tokens);
    const bad = Array.from(values).find((token) => !known.has(token));
    demand(
      bad === undefined,
      () => `helix perturbation: table '${table.name}' has no token ${name} = ${bad}`,
    );
  }
}

function curve(
  fixed: ArrayLike<number>,
  varied: ArrayLike<number>,
  at: number,
  inside: readonly number[],
): number[] {
  return inside.filter((i) => fixed[i] === at).sort((a, b) => varied[a]! - varied[b]!);
}

function judge(own: Effect, changed: HelixPerturbation["changed"]): HelixPerturbation["criteria"] {
  const rules = [
    {
      name: "H4",
      says: "length × 1.2 shifts the prediction up by more than the shift's spread, × 0.8 down",
      holds: (of: EffectOf) =>
        of("length_up").offset > of("length_up").spread &&
        -of("length_down").offset > of("length_down").spread,
    },
    {
      name: "H5",
      says: "radius × 1.5 makes the curve over N more curved downwards, × 0.5 less",
      holds: (of: EffectOf) =>
        of("radius_up").curvature > own.curvature && of("radius_down").curvature < own.curvature,
    },
    {
      name: "H6",
      says: "twice the turns give at least two tops over Z, three times at least three",
      holds: (of: EffectOf) => of("frequency_double").maxima >= 2 && of("frequency_triple").maxima >= 3,
    },
  ] as const;
  const count = changed[0]!.controls.length;
  const effectOf =
    (control?: number): EffectOf =>
    (name) => {
      const entry = changed.find(({ modification }) => modification.name === name)!;
      return control === undefined ? entry.effect : entry.controls[control]!;
    };
  return rules.map(({ name, says, holds }) => {
    const met = Array.from({ length: count }, (_, k) => holds(effectOf(k))).filter(Boolean).length;
    return { name, says, holds: holds(effectOf()), controls: count === 0 ? Number.NaN : met / count };
  });
}

type EffectOf = (name: Modification["name"]) => Effect;
