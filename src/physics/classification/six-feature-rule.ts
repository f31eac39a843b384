import { demand } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { type LabelledData, labelled } from "./labelled-data.ts";

/**
 * Six independent standard normal features of which three carry the label: class 1 where x₀x₁ + 0.8x₂ + noise·ε > 0, ε
 * standard normal; x₃, x₄ and x₅ are noise. A rule whose truth is known, of the size of published examples; it is not the
 * data of any paper.
 */
export function sixFeatureRule(options: { rows: number; noise?: number }, random: Random): LabelledData {
  const { rows, noise = 0.3 } = options;
  demand(
    noise >= 0 && Number.isFinite(noise),
    () => `sixFeatureRule: noise ${noise}; expected a number of at least 0`,
  );
  return labelled(
    {
      name: `six-feature rule, noise ${noise}`,
      rows,
      classes: ["negative", "positive"],
      names: ["x0", "x1", "x2", "x3", "x4", "x5"],
      relevant: [0, 1, 2],
    },
    () => {
      const x = Float64Array.from({ length: 6 }, () => random.normal());
      const rule = x[0]! * x[1]! + 0.8 * x[2]! + noise * random.normal();
      return { x, label: rule > 0 ? 1 : 0 };
    },
  );
}
