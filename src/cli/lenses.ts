import type { Command } from "commander";
import type { Cli } from "./io.ts";

/** `physlens lenses`: the question, the place on the five axes and the sources of each. */
export function addLensesCommand(program: Command, cli: Cli): void {
  program
    .command("lenses")
    .description("list the lenses: what each asks, where it stands, whom to cite")
    .action(() => {
      for (const { name, question, axes, citations } of cli.lenses) {
        cli.print(`${name}: ${question}`);
        cli.print(`  ${[axes.access, axes.scope, axes.aim, axes.features, axes.time].join(", ")}`);
        for (const { text } of citations) cli.print(`  ${text}`);
      }
    });
}
