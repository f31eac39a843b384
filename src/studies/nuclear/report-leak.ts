import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { numbers } from "../../data/table.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note } from "../../lenses/diagnostic.ts";
import { measureLeak, paperTargets } from "../../physics/nuclear/leak-table.ts";
import type { Section } from "../contract.ts";
import type { NuclearData } from "./data.ts";
import type { NuclearOptions } from "./params.ts";

/** The part of the report on what the paper's splits give away: held-out masses that follow by arithmetic. */
export async function leakSection(
  { source }: NuclearData,
  { leakSeeds }: NuclearOptions,
  context: { random: Random; task: Task },
): Promise<Section> {
  const findings = emptyFindings();
  const table = await measureLeak(source, { seeds: leakSeeds, ...context });
  const kind = table.columns.find(({ name }) => name === "kind")!.values as string[];
  const fraction = numbers(table, "fraction").values;
  const share = numbers(table, "share").values;
  kind.forEach((name, i) => {
    findings.metrics[`leak.${name}.${Math.round(100 * fraction[i]!)}`] = share[i]!;
  });
  findings.tables.push({
    ...table,
    name: "leak",
    title: "Share of held-out binding energies that training values determine by arithmetic",
  });
  const tabulated = paperTargets.every((name) => source.columns.some((column) => column.name === name));
  findings.diagnostics.push(
    note(
      `Targets: ${tabulated ? "the paper's ten, as the table states them" : "binding, separation and decay energies, made from the table's masses"}, of all nuclides with Z, N > 0; mean of ${leakSeeds} split${leakSeeds === 1 ? "" : "s"} of each kind.`,
    ),
  );
  const percent = (name: string) => `${(100 * findings.metrics[name]!).toFixed(1)} %`;
  findings.summary.push(
    `At half the data the paper's row split lets ${percent("leak.random.50")} of the held-out binding energies follow from training values by arithmetic, its nucleus split ${percent("leak.random-all_same.50")}; the leak-free split ${percent("leak.nuclei.50")}.`,
  );
  return {
    title: "The leak",
    asked:
      "How much of what is held out do training values of several tasks give away by mass arithmetic alone?",
    ...findings,
  };
}
