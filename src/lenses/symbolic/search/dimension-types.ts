import type { Dimension } from "../../../expressions/dimensions.ts";

/** Dimensions as small whole numbers, so that trees are checked by table look-ups. Number 0 is a pure number. */
export interface DimensionTypes {
  of(dimension: Dimension): number;
  powers(type: number): Dimension;
  /** The type of ∏ argᵢ^exponentᵢ. */
  combine(exponents: readonly number[], args: ArrayLike<number>): number;
  /** The type of arg^exponent; −1 where the exponent is no multiple of 1/6 and the argument no pure number. */
  power(type: number, exponent: number): number;
}

/** Dimensions of `length` base units. */
export function dimensionTypes(length: number): DimensionTypes {
  const known: Dimension[] = [];
  const byText = new Map<string, number>();
  const made = new Map<string, number>();
  const of = (dimension: Dimension): number => {
    const rounded = dimension.map((p) => Math.round(p * 60) / 60 + 0);
    const key = rounded.join(",");
    let type = byText.get(key);
    if (type === undefined) {
      type = known.length;
      known.push(rounded);
      byText.set(key, type);
    }
    return type;
  };
  of(Array.from({ length }, () => 0));
  const twice = new Map<number, number>();
  return {
    of,
    powers: (type) => known[type]!,
    combine(exponents, args) {
      if (exponents.length === 2 && exponents[0] === 1) {
        const key = (args[0]! * 65536 + args[1]!) * 2 + (exponents[1] === 1 ? 1 : 0);
        if (exponents[1] === 1 || exponents[1] === -1) {
          let type = twice.get(key);
          if (type === undefined) {
            const [a, b] = [known[args[0]!]!, known[args[1]!]!];
            type = of(a.map((p, k) => p + exponents[1]! * b[k]!));
            twice.set(key, type);
          }
          return type;
        }
      }
      const key = `${exponents.join()}:${Array.from(args).join()}`;
      let type = made.get(key);
      if (type === undefined) {
        type = of(
          Array.from({ length }, (_, k) => exponents.reduce((s, e, i) => s + e * known[args[i]!]![k]!, 0)),
        );
        made.set(key, type);
      }
      return type;
    },
    power(type, exponent) {
      if (type === 0) return 0;
      const sixths = Math.round(exponent * 6);
      if (Math.abs(exponent * 6 - sixths) > 1e-9 || Math.abs(sixths) > 48) return -1;
      return of(known[type]!.map((p) => (p * sixths) / 6));
    },
  };
}
