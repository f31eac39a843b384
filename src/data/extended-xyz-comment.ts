import { demand, UserError } from "../core/errors.ts";

/** One entry of Properties. */
export interface Column {
  name: string;
  /** String, real, integer or logical. */
  type: "S" | "R" | "I" | "L";
  width: number;
}

/**
 * The key=value pairs of a comment line; values may stand in quotes, brackets or braces, and a key alone is "T".
 * @throws UserError for a quote that does not end and a key that is there twice.
 */
export function commentFields(line: string, where: string): Record<string, string> {
  const out: Record<string, string> = Object.create(null) as Record<string, string>;
  const closing: Readonly<Record<string, string>> = { '"': '"', "'": "'", "[": "]", "{": "}" };
  let at = 0;
  const skip = () => {
    while (at < line.length && /\s/.test(line[at]!)) at++;
  };
  const take = (): string => {
    const close = closing[line[at] ?? ""];
    if (close === undefined) {
      const end = /[\s=]/;
      const from = at;
      while (at < line.length && !end.test(line[at]!)) at++;
      return line.slice(from, at);
    }
    const from = at + 1;
    const opened = line[at]!;
    let depth = 1;
    for (at = from; at < line.length; at++) {
      if (line[at] === "\\" && opened === '"') at++;
      else if (line[at] === close && --depth === 0) break;
      else if (line[at] === opened && opened !== close) depth++;
    }
    demand(
      at < line.length,
      () => `${where}: a ${opened} that does not end: ${line.slice(from - 1, from + 40)}`,
    );
    at++;
    const inner = line.slice(from, at - 1);
    return opened === '"' ? inner.replaceAll(/\\(.)/g, "$1") : inner;
  };
  for (skip(); at < line.length; skip()) {
    const key = take();
    skip();
    let value = "T";
    if (line[at] === "=") {
      at++;
      skip();
      value = take();
    } else if (key === "") {
      throw new UserError(`${where}: unreadable from '${line.slice(at, at + 40)}' on; expected key=value`);
    }
    demand(!(key in out), () => `${where}: '${key}' is there twice`);
    out[key] = value;
  }
  return out;
}

/** The columns of a Properties value, by default species and position. @throws UserError for another form. */
export function parseColumns(text: string | undefined, where: string): Column[] {
  const parts = (text ?? "species:S:1:pos:R:3").split(":");
  const columns: Column[] = [];
  for (let i = 0; i < parts.length; i += 3) {
    const [name, type, width] = [parts[i]!, parts[i + 1] ?? "", Number(parts[i + 2])];
    demand(
      name !== "" && /^[SRIL]$/.test(type) && Number.isInteger(width) && width > 0,
      () => `${where}: Properties '${text}'; expected name:type:width triples with a type of S, R, I or L`,
    );
    demand(
      !columns.some((column) => column.name === name),
      () => `${where}: column '${name}' is there twice`,
    );
    columns.push({ name, type: type as Column["type"], width });
  }
  return columns;
}
