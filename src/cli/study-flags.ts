import { type Command, Option } from "commander";
import { usageError } from "../core/errors.ts";
import type { Param, Params } from "../core/params.ts";
import { didYouMean } from "../core/suggest.ts";

/** `smoothLength` → `smooth-length`. */
export function flagName(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replaceAll(/[._]/g, "-")
    .toLowerCase();
}

/** Gives `command` one flag for each parameter of a study: `--kebab-name value`. */
export function addStudyFlags(command: Command, params: Params): void {
  for (const [name, param] of Object.entries(params)) {
    const flag = `--${flagName(name)}`;
    const taken = command.options.some((option) => option.long === flag);
    if (taken) throw new Error(`the study's parameter '${name}' has the name of an option of every run`);
    const value = param.type === "boolean" ? "[true|false]" : `<${valueName(param)}>`;
    const option = new Option(`${flag} ${value}`, helpText(param)).helpGroup("Options of this study:");
    command.addOption(option);
    if (param.type === "boolean") command.addOption(new Option(`--no-${flagName(name)}`).hideHelp());
  }
}

/**
 * The options that were given as flags or as `--set name=value`, by parameter name.
 * @throws UserError (exit status 2) for an unknown name, text without "=", and an option given twice with two values.
 */
export function givenOptions(
  command: Command,
  params: Params,
  assignments: readonly string[],
): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  const put = (name: string, value: unknown) => {
    if (Object.hasOwn(given, name) && String(given[name]) !== String(value)) {
      throw usageError(`option '${name}' is given twice: ${String(given[name])} and ${String(value)}`);
    }
    given[name] = value;
  };
  for (const assignment of assignments) {
    const at = assignment.indexOf("=");
    if (at < 1) throw usageError(`--set: expected name=value, got '${assignment}'`);
    const name = assignment.slice(0, at).trim();
    if (!Object.hasOwn(params, name))
      throw usageError(`unknown option '${name}'${didYouMean(name, Object.keys(params))}`);
    put(name, assignment.slice(at + 1));
  }
  for (const option of command.options) {
    const name = Object.keys(params).find((key) => `--${flagName(key)}` === option.long);
    if (name === undefined || command.getOptionValueSource(option.attributeName()) !== "cli") continue;
    put(name, command.getOptionValue(option.attributeName()));
  }
  return given;
}

function valueName(param: Param): string {
  if (param.type === "choice") return param.choices.join("|");
  return param.type === "string" ? "text" : param.type;
}

function helpText(param: Param): string {
  const unit = param.unit ? ` (${param.unit})` : "";
  return `${param.help}${unit} [default: ${param.default === "" ? "none" : param.default}]`;
}
