import { UserError } from "../../core/errors.ts";
import { type CsvColumn, parseCsv } from "../../data/csv.ts";
import { sha256 } from "../../data/sha256.ts";
import { numberColumn, numbers, type Table, type TextColumn } from "../../data/table.ts";
import { bindingFromMassExcess } from "./mass-table.ts";
import { nuclideRows } from "./nuclides.ts";

/** How the LiveChart ground states are cited. */
export const liveChartCitation =
  "IAEA Nuclear Data Section, LiveChart of Nuclides, ground_states; masses: Wang et al., Chinese Physics C 45 (2021) 030003; radii: Angeli & Marinova, Atomic Data and Nuclear Data Tables 99 (2013) 69";

const energy = (uncertainty: string, help: string, from?: string): CsvColumn => ({
  kind: "number",
  unit: "keV",
  help,
  uncertainty,
  blank: true,
  ...(from === undefined ? {} : { from }),
});

const columns: Readonly<Record<string, CsvColumn>> = {
  z: { kind: "number", unit: "", help: "protons" },
  n: { kind: "number", unit: "", help: "neutrons" },
  symbol: { kind: "text", help: "element" },
  mass_excess: energy("unc_me", "atomic mass less A atomic mass units", "massexcess"),
  per_nucleon: energy("unc_ba", "binding energy per nucleon", "binding"),
  radius: {
    kind: "number",
    unit: "fm",
    help: "root-mean-square charge radius",
    uncertainty: "unc_r",
    blank: true,
  },
  sn: energy("unc_sn", "one-neutron separation energy"),
  sp: energy("unc_sp", "one-proton separation energy"),
  qa: energy("unc_qa", "alpha-decay energy"),
  qbm: energy("unc_qb", "beta-minus decay energy"),
  qbm_n: energy("unc_qbmn", "energy of beta-delayed neutron emission"),
  qec: energy("unc_qec", "electron-capture energy"),
  systematics: { kind: "text", from: "me_systematics" },
  extracted: { kind: "text", from: "Extraction_date" },
};

/**
 * Reads the IAEA LiveChart's `ground_states` CSV. Columns `z`, `n`, `a`, `symbol`, `mass_excess`, `per_nucleon` (the
 * stated binding energy per nucleon, keV), `binding` (keV, total), `measured`, `radius` (fm), `sn`, `sp`, `qa`, `qbm`, `qbm_n`, `qec`
 * (keV), all with uncertainties; what the file leaves blank is NaN. The binding energy follows from the mass
 * excess: the file's binding energy per nucleon is rounded, for estimated nuclides to 1 keV, 0.15 MeV in the total.
 * @param options.atLeast the fewest rows a whole file has; 3300.
 * @throws UserError naming file, line and column, for a nucleus that is there twice and for a file that is cut.
 */
export function readLiveChart(bytes: Uint8Array, options: { source?: string; atLeast?: number } = {}): Table {
  const { source = "LiveChart", atLeast = 3300 } = options;
  const raw = parseCsv(bytes, { source, name: "LiveChart", columns });
  const text = (name: string) => (raw.columns.find((c) => c.name === name) as TextColumn).values;
  const z = numbers(raw, "z");
  const n = numbers(raw, "n");
  const line = (row: number) => `${source}, line ${row + 2}`;
  nuclideRows({ z: z.values, n: n.values }, line);
  const cut = text("extracted").findIndex((date) => !/^\d{4}-\d{2}-\d{2}$/.test(date));
  if (cut >= 0) {
    throw new UserError(
      `${line(cut)}, column 'Extraction_date': '${text("extracted")[cut]}'; expected a date such as 2023-10-18: the file may be cut`,
    );
  }
  if (raw.rows < atLeast) {
    throw new UserError(`${source}: ${raw.rows} nuclides, expected at least ${atLeast}; the file is cut`);
  }
  const perNucleon = numbers(raw, "per_nucleon");
  const a = z.values.map((value, i) => value + n.values[i]!);
  const measured = text("systematics").map((flag, i) => {
    const known = !Number.isNaN(perNucleon.values[i]!);
    if ((known && flag !== "N" && flag !== "Y") || (!known && flag.trim() !== "")) {
      throw new UserError(`${line(i)}, column 'me_systematics': '${flag}'; expected N or Y beside a mass`);
    }
    return flag === "N" ? 1 : 0;
  });
  const binding = numbers(raw, "mass_excess").values.map((excess, i) =>
    bindingFromMassExcess(z.values[i]!, n.values[i]!, excess),
  );
  binding.forEach((value, i) => {
    const stated = perNucleon.values[i]!;
    const rounding = measured[i] === 1 ? 0.01 : 1;
    if (Number.isNaN(value) && Number.isNaN(stated)) return;
    if (Math.abs(value / a[i]! - stated) <= rounding) return;
    throw new UserError(
      `${line(i)}: the mass excess means ${(value / a[i]!).toFixed(4)} keV of binding per nucleon, column 'binding' says ${stated}`,
    );
  });
  const take = (...names: string[]) => names.map((name) => raw.columns.find((c) => c.name === name)!);
  return {
    name: "LiveChart",
    rows: raw.rows,
    provenance: [{ name: "LiveChart", source, sha256: sha256(bytes), citation: liveChartCitation }],
    columns: [
      z,
      n,
      numberColumn("a", "", a, { help: "nucleons" }),
      ...take("symbol", "mass_excess", "per_nucleon"),
      numberColumn("binding", "keV", binding, {
        help: "total binding energy of the neutral atom",
        uncertainty: perNucleon.uncertainty!.map((value, i) => value * a[i]!),
      }),
      numberColumn("measured", "", measured, { help: "1: measured; 0: extrapolated by the evaluators" }),
      ...take("radius", "sn", "sp", "qa", "qbm", "qbm_n", "qec"),
    ],
  };
}
