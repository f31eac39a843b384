import type { Dimension } from "../../../../expressions/dimensions.ts";

/**
 * All exponents e (whole numbers from −4 to 4) with Σ eᵢ·dᵢ = the wanted powers, by rising Σ|e|, at most `limit`.
 * The exponents of some columns follow from those of the others: these are tried out, from −2 to 2 where they are many.
 */
export function exponentsOf(
  dimensions: readonly Dimension[],
  wanted: Dimension,
  limit: number,
): { exponents: number[]; degree: number }[] {
  const n = dimensions.length;
  // Reduced row echelon form of Σ eᵢ·dᵢ = wanted.
  const rows = wanted.map((w, k) => [...dimensions.map((d) => d[k]!), w]);
  const pivots: number[] = [];
  let rank = 0;
  for (let column = 0; column < n && rank < rows.length; column++) {
    const at = rows.findIndex((row, r) => r >= rank && Math.abs(row[column]!) > 1e-9);
    if (at < 0) continue;
    [rows[rank], rows[at]] = [rows[at]!, rows[rank]!];
    const lead = rows[rank]![column]!;
    rows[rank] = rows[rank]!.map((v) => v / lead);
    rows.forEach((row, r) => {
      const factor = row[column]!;
      if (r !== rank && factor !== 0) rows[r] = row.map((v, c) => v - factor * rows[rank]![c]!);
    });
    pivots.push(column);
    rank++;
  }
  if (rows.slice(rank).some((row) => Math.abs(row[n]!) > 1e-9)) return [];
  const free = dimensions.map((_, i) => i).filter((i) => !pivots.includes(i));
  const range = free.length <= 4 ? 4 : free.length <= 6 ? 2 : 1;
  const found: { exponents: number[]; degree: number }[] = [];
  const exponents = Array.from({ length: n }, () => 0);
  const most = 16;
  const visit = (at: number, degree: number) => {
    if (degree > most) return;
    if (at === free.length) {
      let sum = degree;
      for (let r = 0; r < rank; r++) {
        let value = rows[r]![n]!;
        for (const f of free) value -= rows[r]![f]! * exponents[f]!;
        const whole = Math.round(value);
        if (Math.abs(value - whole) > 1e-6 || Math.abs(whole) > 5) return;
        exponents[pivots[r]!] = whole + 0;
        sum += Math.abs(whole);
      }
      if (sum <= most) found.push({ exponents: [...exponents], degree: sum });
      return;
    }
    for (let e = -range; e <= range; e++) {
      exponents[free[at]!] = e;
      visit(at + 1, degree + Math.abs(e));
    }
    exponents[free[at]!] = 0;
  };
  visit(0, 0);
  const negative = (e: readonly number[]) => e.reduce((s, v) => s + (v < 0 ? 1 : 0), 0);
  return found
    .sort((a, b) => a.degree - b.degree || negative(a.exponents) - negative(b.exponents))
    .slice(0, limit);
}
