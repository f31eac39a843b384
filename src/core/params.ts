import { usageError } from "./errors.ts";
import { didYouMean } from "./suggest.ts";

interface Described {
  /** One sentence for the command's help, the report and the docs. */
  help: string;
  /** The unit of a number, as it is printed. */
  unit?: string;
}

/** One parameter as data. The CLI flags, the config file, the report and the docs are all derived from it. */
export type Param =
  | (Described & { type: "number"; default: number; min?: number; max?: number })
  | (Described & { type: "int"; default: number; min?: number; max?: number })
  | (Described & { type: "boolean"; default: boolean })
  | (Described & { type: "string"; default: string })
  | (Described & { type: "choice"; default: string; choices: readonly string[] });

/** Parameters by name. */
export type Params = Readonly<Record<string, Param>>;

/** The plain values that go with a set of parameters. */
export type Values<P extends Params> = {
  [K in keyof P]: P[K] extends { type: "number" | "int" }
    ? number
    : P[K] extends { type: "boolean" }
      ? boolean
      : P[K] extends { choices: readonly (infer C)[] }
        ? C
        : string;
};

/** The defaults of `params`. */
export function defaults<P extends Params>(params: P): Values<P> {
  return Object.fromEntries(
    Object.entries(params).map(([name, param]) => [name, param.default]),
  ) as Values<P>;
}

/** Those of `params` that are named, in that order: for a study that offers some of a lens's under their own names. */
export function pickParams<P extends Params, K extends keyof P & string>(
  params: P,
  names: readonly K[],
): Pick<P, K> {
  return Object.fromEntries(names.map((name) => [name, params[name]])) as unknown as Pick<P, K>;
}

/**
 * Values for `params`: the defaults with `given` laid over them. Text is read as the parameter's type, so that the
 * command line, a config file and a program pass through one gate.
 * @throws UserError (exit status 2) for an unknown name, a wrong type or a value out of range.
 */
export function parseParams<P extends Params>(
  params: P,
  given: Readonly<Record<string, unknown>>,
  where = "option",
): Values<P> {
  const values: Record<string, unknown> = { ...defaults(params) };
  for (const [name, raw] of Object.entries(given)) {
    const param = params[name];
    if (!param) {
      throw usageError(`unknown ${where} '${name}'${didYouMean(name, Object.keys(params))}`);
    }
    values[name] = parseParam(name, param, raw, where);
  }
  return values as Values<P>;
}

function parseParam(name: string, param: Param, raw: unknown, where: string): unknown {
  const refuse = (expected: string): never => {
    throw usageError(`${where} '${name}': expected ${expected}, got ${JSON.stringify(raw)}`);
  };
  switch (param.type) {
    case "number":
    case "int": {
      const text = typeof raw === "string" ? raw.trim() : raw;
      const value = text === "" || typeof text === "boolean" ? Number.NaN : Number(text);
      const what = `${param.type === "int" ? "a whole number" : "a number"}${rangeText(param)}`;
      if (!Number.isFinite(value)) refuse(what);
      if (param.type === "int" && !Number.isInteger(value)) refuse(what);
      if (param.min !== undefined && value < param.min) refuse(what);
      if (param.max !== undefined && value > param.max) refuse(what);
      return value;
    }
    case "boolean":
      if (raw === true || raw === "true") return true;
      if (raw === false || raw === "false") return false;
      return refuse("true or false");
    case "choice":
      return param.choices.includes(raw as string) ? raw : refuse(`one of ${param.choices.join(", ")}`);
    case "string":
      return typeof raw === "string" ? raw : refuse("text");
  }
}

function rangeText({ min, max, unit }: { min?: number; max?: number; unit?: string }): string {
  const suffix = unit ? ` ${unit}` : "";
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}${suffix}`;
  if (min !== undefined) return ` of at least ${min}${suffix}`;
  if (max !== undefined) return ` of at most ${max}${suffix}`;
  return "";
}
