import type { Faithfulness } from "../../claims/card.ts";
import { demand } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import type { Matrix } from "../../linalg/matrix.ts";
import { rms } from "../../stats/describe.ts";
import {
  changedRows,
  fitTableHelix,
  randomDirections,
  withoutCircle,
  withoutComponents,
} from "./helix-change.ts";
import type { PerturbationProbe, TokenTable } from "./subject.ts";

/** What can be taken out of a window: the fitted circle, or all of its first three components. */
export type HelixPart = "circle" | "components";

/**
 * Does the prediction need the helix? Takes its circle (or its first three components) out of one table's window by
 * setting it to the window's mean, and compares the root mean square change of the prediction, over the pairs whose
 * token lies in the window, with taking the same scores out along random orthonormal directions: as much of the
 * embeddings changes at every token, but not the helix.
 * @param options.name the table, "Z" or "N"
 * @param options.controls random directions; each costs one prediction
 * @throws UserError for no pair in the window, or a prediction that is not a number.
 */
export async function ablateHelix(
  tables: { Z: TokenTable; N: TokenTable },
  probe: PerturbationProbe,
  options: { name: "Z" | "N"; part: HelixPart; window?: readonly [number, number]; controls: number },
  { task, random }: { task: Task; random: Random },
): Promise<Faithfulness> {
  const { name, part, controls } = options;
  const helix = fitTableHelix(tables[name], options.window);
  const tokens = new Set(helix.window.tokens);
  const of = name === "Z" ? probe.z : probe.n;
  const inside = Array.from({ length: of.length }, (_, i) => i).filter((i) => tokens.has(of[i]!));
  demand(inside.length > 0, () => `helix ablation: no pair has its ${name} in the window`);
  const predict = async (rows: Matrix) => {
    task.check();
    const values = await probe.predict({ Z: tables.Z.rows, N: tables.N.rows, [name]: rows });
    const bad = inside.find((i) => !Number.isFinite(values[i]!));
    demand(bad === undefined, () => `helix ablation: prediction ${bad} is ${values[bad!]}`);
    return values;
  };
  const before = await predict(tables[name].rows);
  const sizeOf = (values: Float64Array) => rms(inside.map((i) => values[i]! - before[i]!));
  const scores = part === "circle" ? withoutCircle(helix) : withoutComponents(helix, [0, 1, 2]);
  const change = sizeOf(await predict(changedRows(helix, scores)));
  const control: number[] = [];
  for (let k = 0; k < controls; k++) {
    const directions = randomDirections(3, tables[name].rows.cols, random.fork("ablation", name, k));
    control.push(sizeOf(await predict(changedRows(helix, scores, directions))));
    task.report((k + 1) / controls, "helix ablation");
  }
  const [first, last] = [helix.window.tokens[0], helix.window.tokens.at(-1)];
  const what = part === "circle" ? "the circle of the helix" : "the first three components";
  return {
    what: `${what} of ${name} ${first}–${last}, set to its mean`,
    quantity: `root mean square change of the ${probe.quantity}`,
    unit: probe.unit,
    change,
    control: "the same scores taken out along three random orthonormal directions",
    controls: control,
  };
}
