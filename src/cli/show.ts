import path from "node:path";
import type { Command } from "commander";
import { layout } from "../runs/run-folder.ts";
import { claimLines } from "./claim-lines.ts";
import { findRun, indexedRuns } from "./find-run.ts";
import type { Cli } from "./io.ts";
import { metricText, textTable } from "./text-table.ts";

/** `physlens show <run>`: its summary, claims and metrics; without a run, the list of runs. */
export function addShowCommand(program: Command, cli: Cli): void {
  program
    .command("show")
    .description("show the summary, the claims and the metrics of a run; without one, list the runs")
    .argument("[run]", "a run folder or the id of a run")
    .action((asked: string | undefined) => {
      if (asked === undefined) return list(cli);
      const { folder, config, metrics, summary, claims } = findRun(asked, cli);
      cli.print(config.command);
      cli.print("");
      for (const line of summary) cli.print(line);
      cli.print("");
      for (const line of claimLines(claims)) cli.print(line);
      const rows = Object.entries(metrics).map(([name, value]) => [name, metricText(value)]);
      for (const line of textTable(rows, [1])) cli.print(line);
      cli.print("");
      cli.print(`report: ${path.resolve(layout(folder).report)}`);
    });
}

function list(cli: Cli): void {
  const runs = indexedRuns(cli);
  if (runs.length === 0) cli.print(`no runs in ${cli.home} yet; make one with: physlens run <study>`);
  for (const line of textTable(runs.map(({ id, status, created, path }) => [id, status, created, path]))) {
    cli.print(line);
  }
}
