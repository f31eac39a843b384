import type { Faithfulness } from "../../claims/card.ts";
import { demand } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { pca } from "../../linalg/pca.ts";
import { rowOf } from "../../linalg/rows.ts";
import { rms } from "../../stats/describe.ts";
import { randomDirections } from "./helix-change.ts";
import type { PerturbationProbe, TokenTable } from "./subject.ts";
import { trainedTokens } from "./subject.ts";

/**
 * Does the prediction need one principal component of a table? Sets its score to the mean at every trained token and
 * compares the root mean square change of the prediction with taking the same scores out along random directions.
 * @param options.component counted from 0, of the principal components of all trained tokens
 * @param options.controls random directions; each costs one prediction
 * @throws UserError for a prediction that is not a number.
 */
export async function ablateTokenComponent(
  tables: { Z: TokenTable; N: TokenTable },
  probe: PerturbationProbe,
  options: { name: "Z" | "N"; component: number; controls: number },
  { task, random }: { task: Task; random: Random },
): Promise<Faithfulness> {
  const { name, component, controls } = options;
  const table = tables[name];
  const { tokens, rows } = trainedTokens(table);
  const fitted = pca(rows, { components: component + 1 });
  const scores = tokens.map((_, i) => fitted.scores.data[i * (component + 1) + component]!);
  const without = (direction: Float64Array): Matrix => {
    const changed = matrix(table.rows.rows, table.rows.cols, Float64Array.from(table.rows.data));
    tokens.forEach((token, i) => {
      const row = rowOf(changed, table.tokens.indexOf(token));
      for (let j = 0; j < row.length; j++) row[j]! -= scores[i]! * direction[j]!;
    });
    return changed;
  };
  const predict = async (changed: Matrix) => {
    task.check();
    const values = await probe.predict({ Z: tables.Z.rows, N: tables.N.rows, [name]: changed });
    const bad = values.findIndex((value) => !Number.isFinite(value));
    demand(bad < 0, () => `component ablation: prediction ${bad} is ${values[bad]}`);
    return values;
  };
  const before = await predict(table.rows);
  const changeOf = async (direction: Float64Array) => {
    const after = await predict(without(direction));
    return rms(after.map((value, i) => value - before[i]!));
  };
  const change = await changeOf(rowOf(fitted.components, component));
  const control: number[] = [];
  for (let k = 0; k < controls; k++) {
    control.push(
      await changeOf(randomDirections(1, rows.cols, random.fork("ablation", name, component, k)).data),
    );
    task.report((k + 1) / controls, "component ablation");
  }
  return {
    what: `component ${component + 1} of the ${name} embeddings set to its mean`,
    quantity: `root mean square change of the ${probe.quantity}`,
    unit: probe.unit,
    change,
    control: "the same scores taken out along a random direction",
    controls: control,
  };
}
