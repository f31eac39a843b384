import type { Command } from "commander";
import type { Cli } from "./io.ts";
import { textTable } from "./text-table.ts";

/** `physlens studies`: the name and the question of each. */
export function addStudiesCommand(program: Command, cli: Cli): void {
  program
    .command("studies")
    .description("list the studies")
    .action(async () => {
      const rows = await Promise.all(
        Object.entries(cli.studies).map(async ([name, load]) => [name, (await load()).question]),
      );
      for (const line of textTable(rows)) cli.print(line);
    });
}
