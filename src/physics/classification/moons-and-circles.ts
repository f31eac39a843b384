import { demand } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { type LabelledData, labelled } from "./labelled-data.ts";
import { nuisanceNames, nuisanceValues } from "./xor.ts";

export interface CurveOptions {
  rows: number;
  /** Standard deviation of what is added to both coordinates; default 0.1. */
  noise?: number;
  /** Columns of standard normal numbers that say nothing; default 0. */
  nuisance?: number;
}

/**
 * Two half circles of radius 1 that interlock: class 0 at (cos t, sin t), class 1 at (1 − cos t, ½ − sin t), t uniform on
 * [0, π], classes by turns.
 */
export function moons(options: CurveOptions, random: Random): LabelledData {
  return curves("moons", options, random, (label) => {
    const t = Math.PI * random.uniform();
    return label === 0 ? [Math.cos(t), Math.sin(t)] : [1 - Math.cos(t), 0.5 - Math.sin(t)];
  });
}

/** Two circles about the origin: class 0 of radius 1, class 1 of radius `inner` (default ½), classes by turns. */
export function circles(options: CurveOptions & { inner?: number }, random: Random): LabelledData {
  const { inner = 0.5 } = options;
  demand(
    inner > 0 && inner < 1,
    () => `circles: the inner radius is ${inner}; expected a number between 0 and 1`,
  );
  return curves("circles", options, random, (label) => {
    const t = 2 * Math.PI * random.uniform();
    const radius = label === 0 ? 1 : inner;
    return [radius * Math.cos(t), radius * Math.sin(t)];
  });
}

function curves(
  name: string,
  { rows, noise = 0.1, nuisance = 0 }: CurveOptions,
  random: Random,
  place: (label: number) => [number, number],
): LabelledData {
  demand(noise >= 0, () => `${name}: noise ${noise}; expected a number of at least 0`);
  return labelled(
    {
      name: `${name}, noise ${noise}, ${nuisance} nuisance columns`,
      rows,
      classes: ["first", "second"],
      names: ["x", "y", ...nuisanceNames(nuisance)],
      relevant: [0, 1],
    },
    (i) => {
      const label = i & 1;
      const [x, y] = place(label);
      const noisy = [x + noise * random.normal(), y + noise * random.normal()];
      return { x: [...noisy, ...nuisanceValues(nuisance, random)], label };
    },
  );
}
