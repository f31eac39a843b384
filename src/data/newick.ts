import { UserError } from "../core/errors.ts";

/** A node of a rooted tree. */
export interface NewickTree {
  name: string;
  /** Length of the branch to its parent; absent where the file gives none. */
  length?: number;
  children: NewickTree[];
}

/** A tree in Newick form, such as (A:1,(B:0.5,C:0.5)AB:2); names with other than letters, digits and _.- are quoted. */
export function writeNewick(tree: NewickTree): string {
  const parts: string[] = [];
  const write = ({ name, length, children }: NewickTree): void => {
    if (children.length > 0) {
      parts.push("(");
      children.forEach((child, i) => {
        if (i > 0) parts.push(",");
        write(child);
      });
      parts.push(")");
    }
    parts.push(/^[\w.-]*$/.test(name) ? name : `'${name.replaceAll("'", "''")}'`);
    if (length !== undefined) parts.push(":", String(length));
  };
  write(tree);
  return `${parts.join("")};`;
}

/**
 * Reads one tree in Newick form; comments in brackets are left out, underscores in names that are not quoted stay.
 * @throws UserError naming `source` and the place of what is out of order.
 */
export function readNewick(text: string, source: string): NewickTree {
  let at = 0;
  const refuse = (expected: string): never => {
    const found = at < text.length ? `'${text.slice(at, at + 20)}'` : "the end";
    throw new UserError(`${source}, character ${at + 1}: ${found}; expected ${expected}`);
  };
  const skip = (): void => {
    for (;;) {
      while (at < text.length && /\s/.test(text[at]!)) at++;
      if (text[at] !== "[") return;
      const end = text.indexOf("]", at);
      if (end < 0) refuse("a comment that ends with ]");
      at = end + 1;
    }
  };
  const nameAt = (): string => {
    skip();
    if (text[at] !== "'") {
      const from = at;
      while (at < text.length && !/[\s()[\]:;,']/.test(text[at]!)) at++;
      return text.slice(from, at);
    }
    let name = "";
    for (at++; ; at++) {
      if (at >= text.length) refuse("a name that ends with '");
      if (text[at] !== "'") name += text[at];
      else if (text[at + 1] === "'") {
        name += "'";
        at++;
      } else break;
    }
    at++;
    return name;
  };
  const node = (depth: number): NewickTree => {
    if (depth > 5000) refuse("at most 5000 levels");
    const children: NewickTree[] = [];
    skip();
    if (text[at] === "(") {
      do {
        at++;
        children.push(node(depth + 1));
        skip();
      } while (text[at] === ",");
      if (text[at] !== ")") refuse("',' or ')'");
      at++;
    }
    const name = nameAt();
    skip();
    if (text[at] !== ":") return { name, children };
    at++;
    skip();
    const from = at;
    while (at < text.length && /[\d.eE+-]/.test(text[at]!)) at++;
    const length = Number(text.slice(from, at) || Number.NaN);
    if (!Number.isFinite(length)) {
      at = from;
      refuse("a number after ':'");
    }
    return { name, length, children };
  };
  const tree = node(0);
  skip();
  if (text[at] !== ";") refuse("';'");
  at++;
  skip();
  if (at < text.length) refuse("nothing after ';'");
  return tree;
}
