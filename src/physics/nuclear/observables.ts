import { UserError } from "../../core/errors.ts";
import { type NumberColumn, numberColumn, numbers, type Table } from "../../data/table.ts";
import { alphaBinding, neutronHydrogenDifference } from "../../units/constants.ts";
import { indexNuclides, nuclideKey } from "./nuclides.ts";

/** A quantity that follows from binding energies: Σ sign·B(Z + dz, N + dn) + constant. */
export interface MassIdentity {
  /** As in a formula: "S_n". */
  symbol: string;
  help: string;
  terms: readonly { sign: 1 | -1; dz: number; dn: number }[];
  /** keV */
  constant: number;
}

const own = (sign: 1 | -1) => ({ sign, dz: 0, dn: 0 });
const other = (sign: 1 | -1, dz: number, dn: number) => ({ sign, dz, dn });
const beta = neutronHydrogenDifference.value;

/**
 * The observables that follow from binding energies, by name. With B the binding energy of the neutral atom:
 *
 *     S_n(Z,N)    = B(Z,N) − B(Z,N−1)             S_p(Z,N)  = B(Z,N) − B(Z−1,N)
 *     S_2n(Z,N)   = B(Z,N) − B(Z,N−2)             S_2p(Z,N) = B(Z,N) − B(Z−2,N)
 *     Q_α(Z,N)    = B(Z−2,N−2) + B(⁴He) − B(Z,N)
 *     Q_β−(Z,N)   = B(Z+1,N−1) − B(Z,N) + Δ       Q_EC(Z,N) = B(Z−1,N+1) − B(Z,N) − Δ
 *     Q_β−n(Z,N)  = B(Z+1,N−2) − B(Z,N) + Δ       Δ = (m_n − m(¹H))c² = 782.347 keV, B(⁴He) = 28295.66 keV
 *
 * Kitouni et al. (arXiv:2405.17425) print two of them wrongly: their eq. 4 has M(Z−1, N+1) in Q_α, where M(Z−2, N−2)
 * belongs, and they call Q_β−n the energy of double β decay; it is that of β⁻-delayed neutron emission. The data they
 * trained on (IAEA LiveChart) follow the forms above. Δ and B(⁴He) are constants here, so that ¹H, the neutron and ⁴He
 * are partners of nothing; the leak-free splits never hold them out.
 */
export const massIdentities = {
  binding: { symbol: "B", help: "binding energy", terms: [own(1)], constant: 0 },
  sn: {
    symbol: "S_n",
    help: "one-neutron separation energy",
    terms: [own(1), other(-1, 0, -1)],
    constant: 0,
  },
  sp: { symbol: "S_p", help: "one-proton separation energy", terms: [own(1), other(-1, -1, 0)], constant: 0 },
  s2n: {
    symbol: "S_{2n}",
    help: "two-neutron separation energy",
    terms: [own(1), other(-1, 0, -2)],
    constant: 0,
  },
  s2p: {
    symbol: "S_{2p}",
    help: "two-proton separation energy",
    terms: [own(1), other(-1, -2, 0)],
    constant: 0,
  },
  qa: {
    symbol: "Q_\\alpha",
    help: "alpha-decay energy",
    terms: [own(-1), other(1, -2, -2)],
    constant: alphaBinding.value,
  },
  qbm: {
    symbol: "Q_{\\beta^-}",
    help: "beta-minus decay energy",
    terms: [own(-1), other(1, 1, -1)],
    constant: beta,
  },
  qbm_n: {
    symbol: "Q_{\\beta^- n}",
    help: "energy of beta-delayed neutron emission",
    terms: [own(-1), other(1, 1, -2)],
    constant: beta,
  },
  qec: {
    symbol: "Q_{EC}",
    help: "electron-capture energy",
    terms: [own(-1), other(1, -1, 1)],
    constant: -beta,
  },
} as const satisfies Record<string, MassIdentity>;

export type Observable = keyof typeof massIdentities;

/** All observables, in the order of {@link massIdentities}. */
export const observables = Object.keys(massIdentities) as Observable[];

/** One number to learn or to check: an observable of one nucleus. */
export interface Target {
  /** The nucleus, as a row of the table. */
  nucleus: number;
  /** The observable, as its place in the list that was asked for. */
  task: number;
  /** keV */
  value: number;
  /** One standard deviation, keV. */
  uncertainty: number;
  /** Are all the masses it is made of measured? */
  measured: boolean;
  /** The rows of the other nuclei whose mass it contains. */
  partners: readonly number[];
}

/**
 * The targets `names` of every nucleus of `table` (columns z, n, binding, measured) for which all binding energies
 * are known, by the mass identities. The uncertainty is the root of the summed squares of those of the binding
 * energies, which takes them as independent: the evaluations' correlations make it an upper estimate for most. A free
 * nucleon has B = 0 exactly and is no partner.
 */
export function deriveTargets(table: Table, names: readonly Observable[]): Target[] {
  const rows = indexNuclides(table);
  const z = numbers(table, "z").values;
  const n = numbers(table, "n").values;
  const { values: binding, uncertainty } = numbers(table, "binding");
  const measured = numbers(table, "measured").values;
  const targets: Target[] = [];
  names.forEach((name, task) => {
    const { terms, constant } = identity(name);
    for (let nucleus = 0; nucleus < table.rows; nucleus++) {
      let value = constant;
      let variance = 0;
      let allMeasured = true;
      const partners: number[] = [];
      for (const { sign, dz, dn } of terms) {
        const isOwn = dz === 0 && dn === 0;
        const k = isOwn ? nucleus : partnerRow(rows, z[nucleus]! + dz, n[nucleus]! + dn);
        if (k === "free nucleon") continue;
        if (k === undefined) {
          value = Number.NaN;
          break;
        }
        value += sign * binding[k]!;
        variance += (uncertainty?.[k] ?? Number.NaN) ** 2;
        allMeasured &&= measured[k] === 1;
        if (k !== nucleus) partners.push(k);
      }
      if (Number.isNaN(value)) continue;
      targets.push({
        nucleus,
        task,
        value,
        uncertainty: Math.sqrt(variance),
        measured: allMeasured,
        partners,
      });
    }
  });
  return targets;
}

/**
 * The targets `names` as the table states them (its columns of these names), wherever they are not blank. Partners
 * are those of the mass identity that are in the table; a column that no identity makes, such as a radius, has none.
 */
export function tabulatedTargets(table: Table, names: readonly string[]): Target[] {
  const rows = indexNuclides(table);
  const z = numbers(table, "z").values;
  const n = numbers(table, "n").values;
  const measured = numbers(table, "measured").values;
  const targets: Target[] = [];
  names.forEach((name, task) => {
    const { values, uncertainty } = numbers(table, name);
    const terms: MassIdentity["terms"] = isObservable(name) ? massIdentities[name].terms : [];
    for (let nucleus = 0; nucleus < table.rows; nucleus++) {
      const value = values[nucleus]!;
      if (Number.isNaN(value)) continue;
      const partners = terms.flatMap(({ dz, dn }) => {
        const row = partnerRow(rows, z[nucleus]! + dz, n[nucleus]! + dn);
        return typeof row === "number" && row !== nucleus ? [row] : [];
      });
      targets.push({
        nucleus,
        task,
        value,
        uncertainty: uncertainty?.[nucleus] ?? Number.NaN,
        measured: measured[nucleus] === 1 && partners.every((row) => measured[row] === 1),
        partners,
      });
    }
  });
  return targets;
}

/** One observable as a column beside `table`'s rows (keV, with uncertainties), NaN where a mass is unknown. */
export function observableColumn(table: Table, name: Observable): NumberColumn {
  const values = new Float64Array(table.rows).fill(Number.NaN);
  const uncertainty = values.slice();
  for (const target of deriveTargets(table, [name])) {
    values[target.nucleus] = target.value;
    uncertainty[target.nucleus] = target.uncertainty;
  }
  return numberColumn(name, "keV", values, { uncertainty, help: identity(name).help });
}

function isObservable(name: string): name is Observable {
  return Object.hasOwn(massIdentities, name);
}

function identity(name: string): MassIdentity {
  if (isObservable(name)) return massIdentities[name];
  throw new UserError(`unknown observable '${name}'; known: ${observables.join(", ")}`);
}

/** The row of a partner; a free proton or neutron is none, whether the table lists it or not. */
function partnerRow(
  rows: ReadonlyMap<number, number>,
  z: number,
  n: number,
): number | "free nucleon" | undefined {
  if (z < 0 || n < 0) return undefined;
  return z + n === 1 ? "free nucleon" : rows.get(nuclideKey(z, n));
}
