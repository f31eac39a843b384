import path from "node:path";
import type { Command } from "commander";
import type { FinishedRun } from "../runs/run-folder.ts";
import { findRun } from "./find-run.ts";
import type { Cli } from "./io.ts";
import { metricText, textTable } from "./text-table.ts";

/** `physlens compare <run>...`: where the options differ, then the metrics side by side. */
export function addCompareCommand(program: Command, cli: Cli): void {
  program
    .command("compare")
    .description("put the metrics of runs side by side")
    .argument("<run...>", "run folders or ids of runs")
    .action((asked: string[]) => {
      const runs = asked.map((name) => findRun(name, cli));
      const right = runs.map((_, i) => i + 1);
      const head = ["", ...runs.map(({ folder }) => path.basename(folder))];
      const rows = [head, ...differingOptions(runs), ...metricRows(runs)];
      for (const line of textTable(rows, right)) cli.print(line);
    });
}

function differingOptions(runs: readonly FinishedRun[]): string[][] {
  const all = runs.map(({ config }): Record<string, unknown> => {
    const { study, preset, seed, options } = config;
    return { ...options, study, preset, seed };
  });
  return rowsOf(all, (value) => String(value)).filter(([, ...cells]) => new Set(cells).size > 1);
}

function metricRows(runs: readonly FinishedRun[]): string[][] {
  return rowsOf(
    runs.map(({ metrics }) => metrics),
    metricText,
  );
}

/** One row for each name that any of `all` has, "–" where one has it not. */
function rowsOf<T>(all: readonly Readonly<Record<string, T>>[], text: (value: T) => string): string[][] {
  const names = [...new Set(all.flatMap((one) => Object.keys(one)))].sort();
  return names.map((name) => [
    name,
    ...all.map((one) => (Object.hasOwn(one, name) ? text(one[name]!) : "–")),
  ]);
}
