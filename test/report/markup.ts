const voids = new Set(["meta", "link", "br", "hr", "img", "input"]);

/**
 * For tests: the first tag of `markup` that is not closed in order, or "". Text and attributes must hold no bare "<" or
 * "&"; the insides of style and script elements are skipped.
 */
export function unbalanced(markup: string): string {
  const plain = markup
    .replace(/<!doctype[^>]*>/i, "")
    .replace(/(<(style|script)\b[^>]*>)[\s\S]*?(<\/\2>)/g, "$1$3");
  const open: string[] = [];
  const tag = /<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(\/?)>|<|&(?!#?\w+;)/g;
  for (const [whole, closing, name = "", , self] of plain.matchAll(tag)) {
    if (name === "") return whole === "<" ? "bare <" : "bare &";
    if (closing) {
      if (open.pop() !== name) return `</${name}>`;
    } else if (!self && !voids.has(name.toLowerCase())) open.push(name);
  }
  return open.length === 0 ? "" : `<${open.at(-1)}>`;
}
