import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { elementsAndIsotopes } from "chemical-elements";
import { UserError } from "../../core/errors.ts";
import { sha256 } from "../../data/sha256.ts";
import type { Provenance, Table } from "../../data/table.ts";
import { atomicMassUnit } from "../../units/constants.ts";
import { bindingFromMassExcess, type MassRow, massTable } from "./mass-table.ts";

const require = createRequire(import.meta.url);
const citation =
  "Coursey, Schwab, Tsai & Dragoset, Atomic Weights and Isotopic Compositions, NIST Standard Reference Database 144 (2015); masses: Wang et al., Chinese Physics C 36 (2012) 1603 (AME2012)";

/** What the NIST table states about a nuclide's mass, in u. */
export interface NistMass {
  mass: number;
  uncertainty: number;
  /** False where the table marks the mass as extrapolated (`#`). */
  measured: boolean;
}

/** An element with the masses (u) of its isotopes by mass number. */
export interface ElementMasses {
  number: number;
  symbol: string;
  isotopes: readonly { nominal: number; mass: number }[];
}

/**
 * The masses that come with npm: 3352 nuclides (Z = 1 … 118, no free neutron) from `chemical-elements`, with
 * uncertainties and the measured/extrapolated flags of the NIST table in `isotope-abundances`. AME2012 values.
 * Columns as in `massTable`; the uncertainty of the binding energy is that of the mass: what the proton's and the
 * neutron's mass add is below 0.1 keV.
 * @throws UserError if the packages are absent or do not state the same masses.
 */
export function npmMasses(): Table {
  const elements = readPackage("chemical-elements", "lib/src/elementsAndIsotopes.js");
  const nist = readPackage("isotope-abundances", "NIST_DATA.dat");
  const flags = parseNistMasses(nist.bytes, nist.provenance.source);
  return joinMasses(elementsAndIsotopes, flags, [elements.provenance, nist.provenance]);
}

/**
 * The masses of `elements`, each with the uncertainty and flag that `flags` states for it (by 1000·Z + A).
 * @throws UserError for a nuclide without flag and for one whose mass differs between the two.
 */
export function joinMasses(
  elements: readonly ElementMasses[],
  flags: ReadonlyMap<number, NistMass>,
  provenance: readonly Provenance[],
): Table {
  const u = atomicMassUnit.value;
  const rows: MassRow[] = [];
  for (const { number: z, symbol, isotopes } of elements) {
    for (const { nominal, mass } of isotopes) {
      const where = `nuclide ${symbol}-${nominal} (Z = ${z})`;
      const flag = flags.get(1000 * z + nominal);
      if (!flag)
        throw new UserError(`npmMasses: ${where} has no entry in the NIST table, so no measured flag`);
      if (!(Math.abs(mass - flag.mass) < 1e-9)) {
        throw new UserError(
          `npmMasses: ${where} weighs ${mass} u in one package and ${flag.mass} u in the other`,
        );
      }
      const massExcess = (mass - nominal) * u;
      const n = nominal - z;
      rows.push({
        z,
        n,
        symbol,
        massExcess,
        massExcessUncertainty: flag.uncertainty * u,
        binding: bindingFromMassExcess(z, n, massExcess),
        bindingUncertainty: flag.uncertainty * u,
        measured: flag.measured,
        where,
      });
    }
  }
  return massTable("npm masses", rows, provenance);
}

/**
 * Reads the NIST table of isotopes: blocks of `Name = value` lines, masses as `7.0527(11#)`, the uncertainty in the
 * last digits in brackets and `#` for an extrapolated value. @returns masses by 1000·Z + A.
 * @throws UserError naming the line of a block that is cut, a mass in another form and a nuclide that is there twice.
 */
export function parseNistMasses(bytes: Uint8Array, source: string): Map<number, NistMass> {
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  const masses = new Map<number, NistMass>();
  for (let i = 0; i < lines.length; i++) {
    if (lines[i]!.trim() === "") continue;
    const fields = new Map<string, string>();
    const first = i + 1;
    for (; i < lines.length && lines[i]!.trim() !== ""; i++) {
      const [name, value = ""] = lines[i]!.split("=");
      fields.set(name!.trim(), value.trim());
    }
    const where = `${source}, lines ${first}–${i}`;
    if (fields.size !== 7)
      throw new UserError(`${where}: ${fields.size} fields, expected 7; the file may be cut`);
    const z = Number(fields.get("Atomic Number") ?? Number.NaN);
    const a = Number(fields.get("Mass Number") ?? Number.NaN);
    const text = fields.get("Relative Atomic Mass");
    const [, value, digits, mark] = /^(\d+\.\d+)\((\d+)(#?)\)$/.exec(text ?? "") ?? [];
    if (!Number.isInteger(z) || !Number.isInteger(a) || !value) {
      throw new UserError(
        `${where}: Z = ${z}, A = ${a}, mass '${text}'; expected whole numbers and a mass such as 7.0527(11#)`,
      );
    }
    const key = 1000 * z + a;
    if (masses.has(key)) throw new UserError(`${where}: nuclide Z = ${z}, A = ${a} is there twice`);
    const decimals = value.length - value.indexOf(".") - 1;
    masses.set(key, {
      mass: Number(value),
      uncertainty: Number(`${digits}e-${decimals}`),
      measured: mark === "",
    });
  }
  return masses;
}

function readPackage(name: string, file: string): { bytes: Uint8Array; provenance: Provenance } {
  try {
    const bytes = readFileSync(require.resolve(`${name}/${file}`));
    const { version, license } = require(`${name}/package.json`) as { version: string; license: string };
    const source = `npm ${name} ${version}, ${file}`;
    return { bytes, provenance: { name, source, sha256: sha256(bytes), citation, license } };
  } catch (cause) {
    throw new UserError(`npmMasses: cannot read ${file} of the package ${name}; run npm install`, { cause });
  }
}
