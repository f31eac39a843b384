import { Command, CommanderError } from "commander";
import { UserError } from "../core/errors.ts";
import { physlensVersion } from "../core/package.ts";
import { lenses } from "../lenses/registry.ts";
import { nuclearDatasets } from "../physics/nuclear/datasets.ts";
import { physlensHome } from "../runs/home.ts";
import { studies } from "../studies/registry.ts";
import { addCompareCommand } from "./compare.ts";
import { addDataCommand } from "./data.ts";
import type { Cli } from "./io.ts";
import { addLensesCommand } from "./lenses.ts";
import { addRunCommand } from "./run.ts";
import { addShowCommand } from "./show.ts";
import { addStudiesCommand } from "./studies.ts";

/**
 * The command line: runs `physlens <args>` and resolves to the exit status. 0: done. 1: failed, with a message on
 * standard error. 2: a wrong command or option. 130: interrupted, with the line that resumes the run.
 */
export async function main(args: readonly string[], replace: Partial<Cli> = {}): Promise<number> {
  const cli: Cli = {
    studies,
    lenses,
    catalogue: nuclearDatasets,
    home: physlensHome(),
    print: (line) => void process.stdout.write(`${line}\n`),
    stderr: process.stderr,
    ...replace,
  };
  try {
    const program = new Command("physlens")
      .description("opens up machine-learned models of physical systems and says what physics they learned")
      .version(physlensVersion())
      .exitOverride()
      .showHelpAfterError("(see: physlens --help)")
      .configureOutput({
        writeOut: (text) => cli.print(text.trimEnd()),
        writeErr: (text) => void cli.stderr.write(text),
      });
    await addRunCommand(program, cli, args);
    addStudiesCommand(program, cli);
    addLensesCommand(program, cli);
    addShowCommand(program, cli);
    addCompareCommand(program, cli);
    addDataCommand(program, cli);
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    // Commander has printed its message by now.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof UserError) {
      cli.stderr.write(`physlens: ${error.message}\n`);
      return error.exitCode;
    }
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    cli.stderr.write(`physlens: unexpected error; please report it with what follows\n${text}\n`);
    return 1;
  }
}
