import type { Genome } from "./genome.ts";
import type { Space } from "./space.ts";

/**
 * A function that shortens a tree where that is plain to see: operators of constants alone are worked out, x − x and
 * x/x, x + 0, 1·x, a double minus; a constant right of + or · goes to the left, c·(d·x) becomes (cd)·x.
 */
export function makeFold(space: Space): (g: Genome) => Genome {
  const { list, arity } = space;
  const token = (name: string) => -1 - (space.number(name) ?? 1e6);
  const [add, sub, mul, div, neg] = [token("add"), token("sub"), token("mul"), token("div"), token("neg")];
  const out = new Int32Array(8192);
  const numbers = new Float64Array(8192);
  const starts = new Int32Array(4096);
  const firsts = new Int32Array(4096);

  return (g) => {
    const { tokens, constants } = g;
    let size = 0;
    let count = 0;
    let top = 0;
    let next = 0;
    const isNumber = (from: number, to: number) => to - from === 1 && out[from] === 0;
    const same = (a: number, b: number, c: number, ca: number, cb: number, cc: number): boolean => {
      if (b - a !== c - b || cb - ca !== cc - cb) return false;
      for (let i = 0; i < b - a; i++) if (out[a + i] !== out[b + i]) return false;
      for (let i = 0; i < cb - ca; i++) if (numbers[ca + i] !== numbers[cb + i]) return false;
      return true;
    };
    const keepOnly = (from: number, to: number, first: number, last: number, at: number, firstAt: number) => {
      out.copyWithin(at, from, to);
      numbers.copyWithin(firstAt, first, last);
      size = at + to - from;
      count = firstAt + last - first;
    };
    const setNumber = (at: number, first: number, value: number) => {
      out[at] = 0;
      numbers[first] = value;
      size = at + 1;
      count = first + 1;
    };
    for (let i = 0; i < tokens.length; i++) {
      const t = tokens[i]!;
      if (t >= 0) {
        starts[top] = size;
        firsts[top++] = count;
        out[size++] = t;
        if (t === 0) numbers[count++] = constants[next++]!;
        continue;
      }
      const n = arity[-1 - t]!;
      top -= n - 1;
      const a = starts[top - 1]!;
      const ca = firsts[top - 1]!;
      if (n === 1) {
        if (isNumber(a, size)) {
          const value = list[-1 - t]!.evaluate(numbers[ca]!);
          if (Number.isFinite(value)) {
            numbers[ca] = value;
            continue;
          }
        } else if (t === neg && out[size - 1] === neg) {
          size--;
          continue;
        }
        out[size++] = t;
        continue;
      }
      if (n > 2) {
        out[size++] = t;
        continue;
      }
      const b = starts[top]!;
      const cb = firsts[top]!;
      const [left, right] = [isNumber(a, b), isNumber(b, size)];
      if (left && right) {
        const value = list[-1 - t]!.evaluate(numbers[ca]!, numbers[cb]!);
        if (Number.isFinite(value)) setNumber(a, ca, value);
        else out[size++] = t;
        continue;
      }
      const r = right ? numbers[cb]! : Number.NaN;
      if ((t === sub || t === div) && same(a, b, size, ca, cb, count)) setNumber(a, ca, t === sub ? 0 : 1);
      else if (((t === add || t === sub) && r === 0) || ((t === mul || t === div) && r === 1)) {
        size = b;
        count = cb;
      } else if (left && ((t === add && numbers[ca] === 0) || (t === mul && numbers[ca] === 1))) {
        keepOnly(b, size, cb, count, a, ca);
      } else {
        if (right && (t === add || t === mul)) {
          out.copyWithin(a + 1, a, b);
          numbers.copyWithin(ca + 1, ca, cb);
          out[a] = 0;
          numbers[ca] = r;
        }
        const product = t === mul && out[a] === 0 && (left || right);
        // c·(d·x): the inner product is the last operator, and its left argument the number in front.
        if (product && out[size - 1] === mul && out[a + 1] === 0 && startOf(out, size - 2, arity) === a + 2) {
          numbers[ca]! *= numbers[ca + 1]!;
          out.copyWithin(a + 1, a + 2, size);
          numbers.copyWithin(ca + 1, ca + 2, count);
          size--;
          count--;
          continue;
        }
        out[size++] = t;
      }
    }
    return { tokens: out.slice(0, size), constants: numbers.slice(0, count) };
  };
}

function startOf(tokens: Int32Array, end: number, arity: Int32Array): number {
  let open = 1;
  for (let at = end; at >= 0; at--) {
    const token = tokens[at]!;
    open += (token < 0 ? arity[-1 - token]! : 0) - 1;
    if (open === 0) return at;
  }
  return -1;
}
