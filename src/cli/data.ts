import type { Command } from "commander";
import { addDataset, findDataset } from "../data/store.ts";
import type { Cli } from "./io.ts";
import { textTable } from "./text-table.ts";

interface AddFlags {
  file?: string;
  download?: boolean | string;
  anyChecksum?: boolean;
}

/** `physlens data list` and `physlens data add`: data sets that do not come with physlens. */
export function addDataCommand(program: Command, cli: Cli): void {
  const { home, catalogue } = cli;
  const data = program.command("data").description("list and add data sets that do not come with physlens");
  data
    .command("list")
    .description("list the data sets and whether they were added")
    .action(async () => {
      const rows = await Promise.all(
        Object.entries(catalogue).map(async ([name, { title }]) => {
          const found = await findDataset({ home, catalogue, name });
          return [name, found ? `added, ${found.table.rows} rows` : "not added", title];
        }),
      );
      for (const line of textTable(rows)) cli.print(line);
    });
  data
    .command("add")
    .description("add a data set, from a file of yours or from where it is published")
    .argument("<name>", `one of: ${Object.keys(catalogue).join(", ")}`)
    .option("--file <file>", "the file that you have")
    .option("--download [url]", "get it from its published address, or from this one")
    .option("--any-checksum", "take an edition of unknown checksum")
    .action(async (name: string, flags: AddFlags) => {
      const { dataset, warnings } = await addDataset({ home, catalogue, name, ...flags });
      for (const warning of warnings) cli.stderr.write(`warning: ${warning}\n`);
      cli.print(`${name}: ${dataset.table.rows} rows, in ${dataset.path}`);
    });
}
