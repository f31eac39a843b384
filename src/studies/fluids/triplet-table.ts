import type { FewBody } from "../../lenses/relevance/expansion/curves.ts";

/** A three-body table with the line that points to it, for `pair_style threebody/table` of LAMMPS. */
export interface TripletTable {
  /** The ".3b" file: element, element, element, cutoff, file, keyword, style, N. */
  parameters: string;
  table: string;
}

/**
 * V₃ of identical beads as LAMMPS' three-body table: E = Σ_i Σ_{j<k} φ(r_ij, r_ik, θ). LAMMPS counts a triangle at each
 * corner whose two legs are within the cutoff; V₃ is divided among its corners in proportion to c(r_ij)c(r_ik), with
 * c(r) = ½(1 + cos(πr/r_c)), so that the corners sum to V₃ and nothing jumps where a side passes the cutoff.
 * Rows: both legs over `count` distances (the second from the first on), 2·count angles at bin middles; the factors of
 * the forces along r_ij, r_ik and r_jk (central differences), kcal/mol/Å², and the energy, kcal/mol.
 * Format: LAMMPS documentation, pair_style threebody/table.
 * @param options.low shortest leg, Å. @param options.file name of the table's file, for the parameters.
 */
export function lammpsTripletTable(
  exact: Pick<FewBody, "triplet">,
  options: {
    element: string;
    keyword: string;
    file: string;
    low: number;
    cutoff: number;
    count: number;
    comment: string;
  },
): TripletTable {
  const { element, keyword, file, low, cutoff, count, comment } = options;
  const step = (cutoff - low) / (count - 1);
  const h = 1e-4;
  const rows: string[] = [];
  for (let a = 0; a < count; a++) {
    for (let b = a; b < count; b++) {
      for (let t = 0; t < 2 * count; t++) {
        const [ij, ik] = [low + a * step, low + b * step];
        const theta = (180 * (t + 0.5)) / (2 * count);
        const jk = Math.sqrt(ij * ij + ik * ik - 2 * ij * ik * Math.cos((theta * Math.PI) / 180));
        const energy = (x: number, y: number, z: number) => cornerShare(exact, x, y, z, cutoff);
        const slope = (k: 0 | 1 | 2) => {
          const moved = (by: number) => [ij, ik, jk].map((r, axis) => (axis === k ? r + by : r));
          const [p, q] = [moved(h), moved(-h)];
          return (energy(p[0]!, p[1]!, p[2]!) - energy(q[0]!, q[1]!, q[2]!)) / (2 * h);
        };
        const [f1, f2, f3] = [slope(0) / ij, slope(1) / ik, slope(2) / jk];
        const numbers = [ij, ik, theta, f1, f2, -f1, f3, -f2, -f3, energy(ij, ik, jk)];
        rows.push(`${rows.length + 1} ${numbers.map((value) => value.toPrecision(9)).join(" ")}`);
      }
    }
  }
  const remark = `# ${comment}\n# UNITS: real`;
  return {
    parameters: `${remark}\n${[element, element, element, cutoff, file, keyword, "linear", count].join("\n")}\n`,
    table: `${remark}\n\n${keyword}\nN ${count} rmin ${low} rmax ${cutoff}\n\n${rows.join("\n")}\n`,
  };
}

/** The part of V₃ that belongs to the corner between the legs r_ij and r_ik; 0 where a leg is beyond the cutoff. */
export function cornerShare(
  { triplet }: Pick<FewBody, "triplet">,
  ij: number,
  ik: number,
  jk: number,
  cutoff: number,
): number {
  const c = (r: number) => (r < cutoff ? 0.5 * (1 + Math.cos((Math.PI * r) / cutoff)) : 0);
  const own = c(ij) * c(ik);
  if (own === 0) return 0;
  const sum = own + c(ij) * c(jk) + c(ik) * c(jk);
  // Three sides that do not close: a step beside a stretched triangle.
  const sides = [ij, ik, jk].sort((p, q) => p - q) as [number, number, number];
  if (sides[2] > sides[0] + sides[1]) sides[2] = sides[0] + sides[1];
  return (own / sum) * triplet(sides);
}
