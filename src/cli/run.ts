import path from "node:path";
import type { Command } from "commander";
import { usageError } from "../core/errors.ts";
import { didYouMean } from "../core/suggest.ts";
import { layout } from "../runs/run-folder.ts";
import type { Study } from "../studies/contract.ts";
import { runStudy } from "../studies/run-study.ts";
import type { Cli } from "./io.ts";
import { progressDisplay } from "./progress.ts";
import { addStudyFlags, givenOptions } from "./study-flags.ts";

interface RunFlags {
  preset: string;
  seed: string;
  set: string[];
  out?: string;
  resume?: boolean;
  threads?: string;
}

/** `physlens run <study>`: with the flags of the study that `args` names, if it names one. */
export async function addRunCommand(program: Command, cli: Cli, args: readonly string[]): Promise<void> {
  const command = program
    .command("run")
    .description("run a study and write its report")
    .argument("<study>", `one of: ${Object.keys(cli.studies).join(", ")}`)
    .option("--preset <name>", "quick: minutes on a laptop; full: the real thing", "quick")
    .option("--seed <number>", "every random draw follows from it", "0")
    .option(
      "--set <name=value>",
      "set an option of the study; repeatable",
      (text, all: string[]) => [...all, text],
      [],
    )
    .option("--out <folder>", "run folder, new or empty [default: a new one in $PHYSLENS_HOME/runs]")
    .option("--resume", "continue an interrupted or killed run: give the same options")
    .option("--threads <number>", "worker threads [default: what the computer has]; changes no result");
  const name = args[0] === "run" ? studyName(args.slice(1), command) : undefined;
  const study =
    name !== undefined && Object.hasOwn(cli.studies, name) ? await cli.studies[name]!() : undefined;
  if (study) {
    command.addHelpText("before", `${study.question}\n`);
    addStudyFlags(command, study.params);
  }
  command.action(async (asked: string, flags: RunFlags) => {
    if (!study) throw usageError(`unknown study '${asked}'${didYouMean(asked, Object.keys(cli.studies))}`);
    await run(study, command, flags, cli);
  });
  // Without a study, its flags are unknown too; the study is what should be complained of.
  if (!study) command.allowUnknownOption().allowExcessArguments();
}

/** The first argument that is neither a flag nor the value of one. */
function studyName(args: readonly string[], command: Command): string | undefined {
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (!word.startsWith("-")) return word;
    if (command.options.find((option) => option.long === word)?.required) i++;
  }
  return undefined;
}

async function run(study: Study, command: Command, flags: RunFlags, cli: Cli): Promise<void> {
  const set = givenOptions(command, study.params, flags.set);
  const controller = new AbortController();
  const display = progressDisplay(cli.stderr);
  const interrupt = () => {
    if (!controller.signal.aborted) display.say("interrupting after the step at hand");
    controller.abort();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, interrupt);
  try {
    const { folder, summary } = await runStudy(study, {
      preset: flags.preset,
      seed: flags.seed,
      set,
      resume: flags.resume === true,
      home: cli.home,
      signal: controller.signal,
      listener: display.listener,
      say: display.say,
      ...(flags.out === undefined ? {} : { out: flags.out }),
      ...(flags.threads === undefined ? {} : { threads: threadCount(flags.threads) }),
    });
    display.close();
    for (const line of summary) cli.print(line);
    cli.print("");
    cli.print(`report: ${path.resolve(layout(folder).report)}`);
  } finally {
    display.close();
    for (const signal of signals) process.off(signal, interrupt);
  }
}

function threadCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count > 1024) {
    throw usageError(`--threads: expected a whole number from 0 to 1024, got '${text}'`);
  }
  return count;
}
