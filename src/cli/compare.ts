import path from "node:path";
import type { Command } from "commander";
import { compare } from "../claims/compare.ts";
import { measureWords } from "../claims/comparison.ts";
import type { ReportClaim } from "../claims/report-claims.ts";
import { UserError } from "../core/errors.ts";
import type { FinishedRun } from "../runs/run-folder.ts";
import { findRun } from "./find-run.ts";
import type { Cli } from "./io.ts";
import { metricText, textTable } from "./text-table.ts";

/** `physlens compare <run>...`: where the options differ, then claims and metrics side by side. */
export function addCompareCommand(program: Command, cli: Cli): void {
  program
    .command("compare")
    .description("put the claims and metrics of runs side by side")
    .argument("<run...>", "run folders or ids of runs")
    .action((asked: string[]) => {
      const runs = asked.map((name) => findRun(name, cli));
      const right = runs.map((_, i) => i + 1);
      const head = ["", ...runs.map(({ folder }) => path.basename(folder))];
      const rows = [head, ...differingOptions(runs), ...claimRows(runs), ...metricRows(runs)];
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

/** Verdicts side by side; from the second run on with how far its claim agrees with the first run's. */
function claimRows(runs: readonly FinishedRun[]): string[][] {
  const all = runs.map(({ claims }) => Object.fromEntries(claims.map((claim) => [claim.claim.id, claim])));
  const text = (claim: ReportClaim): string => {
    const first = all[0]![claim.claim.id];
    if (!first || first === claim) return claim.verdict.word;
    return `${claim.verdict.word} (${agreementText(claim, first)})`;
  };
  return rowsOf(all, text);
}

function agreementText({ claim }: ReportClaim, { claim: reference }: ReportClaim): string {
  try {
    const { agreement, measure } = compare(claim, reference);
    return `${measureWords(measure)} ${metricText(agreement)}`;
  } catch (error) {
    // Claims over other points or variables are still worth a row; why they do not compare is the answer here.
    if (error instanceof UserError) return "does not compare";
    throw error;
  }
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
