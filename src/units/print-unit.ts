import { siUnits } from "./si.ts";
import type { Powers, Unit, UnitTable } from "./unit-table.ts";

/** A power as text: a whole number, or a fraction with a denominator up to 12, or a decimal number. */
function powerText(power: number): string {
  for (let below = 1; below <= 12; below++) {
    const above = power * below;
    if (Math.abs(above - Math.round(above)) > 1e-9 * below) continue;
    return below === 1 ? String(Math.round(above)) : `(${Math.round(above)}/${below})`;
  }
  return power < 0 ? `(${power})` : String(power);
}

/**
 * Powers of base units as text that `parseUnit` reads back: "kg*m^2/s^2", "1/s", "m^(1/2)"; "" for the pure number.
 */
export function powersText(powers: Powers, table: UnitTable = siUnits): string {
  const part = (power: number, i: number) => {
    const text = powerText(power);
    return text === "1" ? table.base[i]! : `${table.base[i]!}^${text}`;
  };
  const above = powers.flatMap((p, i) => (p > 1e-12 ? [part(p, i)] : []));
  const below = powers.flatMap((p, i) => (p < -1e-12 ? [part(-p, i)] : []));
  if (above.length + below.length === 0) return "";
  const denominator = below.length > 1 ? `(${below.join("*")})` : below.join("");
  const numerator = above.length === 0 ? "1" : above.join("*");
  return below.length === 0 ? numerator : `${numerator}/${denominator}`;
}

/**
 * A unit as text that `parseUnit` reads back: the symbol of the table that is exactly it ("J"), or else its scale and
 * base units ("1000 m/s"); "" for the pure number 1.
 */
export function printUnit(unit: Unit, table: UnitTable = siUnits): string {
  for (const [symbol, known] of table.units) {
    if (Math.abs(known.scale / unit.scale - 1) < 1e-12 && samePowers(known.powers, unit.powers)) {
      if (known.powers.some((p) => p !== 0)) return symbol;
    }
  }
  const powers = powersText(unit.powers, table);
  if (Math.abs(unit.scale - 1) < 1e-12) return powers;
  return [String(unit.scale), powers].filter((part) => part !== "").join(powers.startsWith("1/") ? "*" : " ");
}

/** Are these the same powers, up to rounding? */
export function samePowers(a: Powers, b: Powers): boolean {
  return a.length === b.length && a.every((p, i) => Math.abs(p - b[i]!) < 1e-9);
}
