import { UserError } from "../core/errors.ts";

export interface Token {
  kind: "number" | "name" | "symbol" | "end";
  text: string;
  /** Place of the first character, from 0. */
  at: number;
}

const pattern =
  /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([\p{L}_][\p{L}\p{N}_]*)|(\*\*|[-+*/^(),]))/uy;

/** The tokens of an expression's text, with an end token. @throws UserError at a character that fits nothing. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  pattern.lastIndex = 0;
  let at = 0;
  while (text.slice(at).trim() !== "") {
    const match = pattern.exec(text);
    if (match === null) {
      const place = at + (text.slice(at).length - text.slice(at).trimStart().length);
      throw parseError(text, place, `the character '${text[place]}' belongs to no expression`);
    }
    const [whole, number, name, symbol] = match;
    const body = number ?? name ?? symbol ?? "";
    const kind = number !== undefined ? "number" : name !== undefined ? "name" : "symbol";
    found.push({ kind, text: body, at: at + whole.length - body.length });
    at += whole.length;
    pattern.lastIndex = at;
  }
  found.push({ kind: "end", text: "", at: text.trimEnd().length });
  return found;
}

/** An error of `parse`: what is wrong, at which character, with the text and a mark below it. */
export function parseError(text: string, at: number, what: string): UserError {
  const from = Math.max(0, at - 40);
  const part = text.slice(from, at + 30).replace(/\s/g, " ");
  return new UserError(`parse: ${what}, at character ${at + 1}:\n  ${part}\n  ${" ".repeat(at - from)}^`);
}
