import type { NamedUnit, Powers, UnitTable } from "./unit-table.ts";

const base = ["m", "kg", "s", "A", "K", "mol", "cd"] as const;

type Of = Partial<Record<(typeof base)[number], number>>;

const powersOf = (of: Of): Powers => base.map((symbol) => of[symbol] ?? 0);

/** Symbols, scale in SI base units, powers; `true` where prefixes are taken. */
const rows: readonly (readonly [symbols: string, scale: number, of: Of, prefixes?: true])[] = [
  ["m", 1, { m: 1 }, true],
  ["g", 1e-3, { kg: 1 }, true],
  ["s", 1, { s: 1 }, true],
  ["A", 1, { A: 1 }, true],
  ["K", 1, { K: 1 }, true],
  ["mol", 1, { mol: 1 }, true],
  ["cd", 1, { cd: 1 }, true],
  ["Hz Bq", 1, { s: -1 }, true],
  ["N", 1, { kg: 1, m: 1, s: -2 }, true],
  ["Pa", 1, { kg: 1, m: -1, s: -2 }, true],
  ["J", 1, { kg: 1, m: 2, s: -2 }, true],
  ["W", 1, { kg: 1, m: 2, s: -3 }, true],
  ["C", 1, { A: 1, s: 1 }, true],
  ["V", 1, { kg: 1, m: 2, s: -3, A: -1 }, true],
  ["F", 1, { kg: -1, m: -2, s: 4, A: 2 }, true],
  ["Ω Ohm ohm", 1, { kg: 1, m: 2, s: -3, A: -2 }, true],
  ["S", 1, { kg: -1, m: -2, s: 3, A: 2 }, true],
  ["Wb", 1, { kg: 1, m: 2, s: -2, A: -1 }, true],
  ["T", 1, { kg: 1, s: -2, A: -1 }, true],
  ["H", 1, { kg: 1, m: 2, s: -2, A: -2 }, true],
  ["lm", 1, { cd: 1 }, true],
  ["lx", 1, { cd: 1, m: -2 }, true],
  ["Gy Sv", 1, { m: 2, s: -2 }, true],
  ["kat", 1, { mol: 1, s: -1 }, true],
  ["rad sr", 1, {}, true],
  ["deg °", Math.PI / 180, {}],
  ["arcmin", Math.PI / 10_800, {}],
  ["arcsec", Math.PI / 648_000, {}, true],
  ["%", 0.01, {}],
  ["min", 60, { s: 1 }],
  ["h hr", 3600, { s: 1 }],
  ["d day", 86_400, { s: 1 }],
  ["yr year", 31_557_600, { s: 1 }, true],
  ["L l", 1e-3, { m: 3 }, true],
  ["t", 1e3, { kg: 1 }, true],
  ["bar", 1e5, { kg: 1, m: -1, s: -2 }, true],
  ["atm", 101_325, { kg: 1, m: -1, s: -2 }],
  ["cal", 4.184, { kg: 1, m: 2, s: -2 }, true],
  ["erg", 1e-7, { kg: 1, m: 2, s: -2 }],
  ["dyn", 1e-5, { kg: 1, m: 1, s: -2 }],
  ["Å Angstrom angstrom", 1e-10, { m: 1 }],
  ["AU au", 149_597_870_700, { m: 1 }],
  ["ly", 9_460_730_472_580_800, { m: 1 }, true],
  ["pc", (648_000 / Math.PI) * 149_597_870_700, { m: 1 }, true],
  ["b barn", 1e-28, { m: 2 }, true],
  ["eV", 1.602176634e-19, { kg: 1, m: 2, s: -2 }, true],
  ["u Da", 1.6605390666e-27, { kg: 1 }, true],
  ["Ha Hartree hartree", 4.3597447222071e-18, { kg: 1, m: 2, s: -2 }],
  ["Ry", 2.1798723611035e-18, { kg: 1, m: 2, s: -2 }],
  ["a0 bohr", 5.29177210903e-11, { m: 1 }],
  ["e", 1.602176634e-19, { A: 1, s: 1 }],
  ["c", 299_792_458, { m: 1, s: -1 }],
  ["hbar ħ", 1.0545718176461565e-34, { kg: 1, m: 2, s: -1 }],
  ["kB", 1.380649e-23, { kg: 1, m: 2, s: -2, K: -1 }],
  ["Msun", 1.98841e30, { kg: 1 }],
];

function named(): Map<string, NamedUnit> {
  const units = new Map<string, NamedUnit>();
  for (const [symbols, scale, of, prefixes = false] of rows) {
    for (const symbol of symbols.split(" ")) units.set(symbol, { scale, powers: powersOf(of), prefixes });
  }
  return units;
}

/**
 * SI base and derived units, units in use with them, and atomic units (BIPM, The International System of Units, 9th
 * edition, 2019; values of CODATA 2018, the solar mass of IAU 2015 B3). The radian is a pure number. A thermometer's
 * °C is not a unit that multiplies: convert to K.
 */
export const siUnits: UnitTable = { base, units: named() };
