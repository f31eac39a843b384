import { UserError } from "../core/errors.ts";

/** Powers of base units, in the order of a table's `base`: {@link siUnits} has m, kg, s, A, K, mol, cd. */
export type Powers = readonly number[];

/** A unit: `scale` times the product of the base units to these powers. */
export interface Unit {
  readonly scale: number;
  readonly powers: Powers;
}

/** A named unit of a table. */
export interface NamedUnit extends Unit {
  /** Does it take prefixes (k, M, …)? */
  readonly prefixes: boolean;
}

/** Units by their symbols, over a choice of base units. */
export interface UnitTable {
  /** Symbols of the base units, in the order of the powers. */
  readonly base: readonly string[];
  readonly units: ReadonlyMap<string, NamedUnit>;
}

/** The powers of ten that prefixes stand for (BIPM, The International System of Units, 9th edition, 2019, table 7). */
export const prefixes: ReadonlyMap<string, number> = new Map([
  ["Q", 1e30],
  ["R", 1e27],
  ["Y", 1e24],
  ["Z", 1e21],
  ["E", 1e18],
  ["P", 1e15],
  ["T", 1e12],
  ["G", 1e9],
  ["M", 1e6],
  ["k", 1e3],
  ["h", 1e2],
  ["da", 1e1],
  ["d", 1e-1],
  ["c", 1e-2],
  ["m", 1e-3],
  ["µ", 1e-6],
  ["μ", 1e-6],
  ["u", 1e-6],
  ["n", 1e-9],
  ["p", 1e-12],
  ["f", 1e-15],
  ["a", 1e-18],
  ["z", 1e-21],
  ["y", 1e-24],
  ["r", 1e-27],
  ["q", 1e-30],
]);

/**
 * A table of base units alone, without prefixes: `baseUnits(["m", "s", "kg", "T", "V"])` is what the shared Feynman
 * table is written in (T is the kelvin there, V the volt).
 * @throws UserError for a symbol that is there twice or no word.
 */
export function baseUnits(base: readonly string[]): UnitTable {
  const units = new Map<string, NamedUnit>();
  base.forEach((symbol, i) => {
    if (!/^[A-Za-z_]+$/.test(symbol) || units.has(symbol)) {
      throw new UserError(
        `baseUnits: ${JSON.stringify(symbol)} is ${units.has(symbol) ? "there twice" : "no unit's symbol; expected letters"}.`,
      );
    }
    units.set(symbol, { scale: 1, powers: base.map((_, k) => (k === i ? 1 : 0)), prefixes: false });
  });
  return { base, units };
}
