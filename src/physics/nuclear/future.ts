import { UserError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { selectRows } from "../../data/select.ts";
import { numberColumn, numbers, type Table, textColumn } from "../../data/table.ts";
import { type BaselineScore, scoreBaselines, scorePrediction } from "./baseline-scores.ts";
import { bindingData } from "./baselines.ts";
import type { BindingData } from "./fits.ts";
import type { HoldOut } from "./hold-out.ts";
import type { MassBaseline } from "./mass-baseline.ts";
import { massBaselines } from "./mass-baselines.ts";
import { indexNuclides, nuclideKey } from "./nuclides.ts";

/** What was known at one time, and what was measured later. */
export interface FutureHoldOut extends HoldOut {
  /** The older evaluation's measured nuclei. */
  train: BindingData;
  /** The newer evaluation's values of nuclei that the older one only extrapolated. */
  test: BindingData;
  /** What the older evaluation extrapolated for those nuclei, with its uncertainties, keV. */
  extrapolated: { binding: Float64Array; sigma: Float64Array };
}

/**
 * The genuine future test: nuclei whose mass the older evaluation extrapolated and the newer one has from measurement.
 * Nothing that a model of the older evaluation's measured nuclei could know tells of them.
 * @param older, newer tables with columns z, n, binding, measured: `npmMasses()` (AME2012) and AME2020.
 * @param options.least the least Z and N that count, for training too; 8.
 * @throws UserError where no nucleus became measured.
 */
export function futureHoldout(older: Table, newer: Table, options: { least?: number } = {}): FutureHoldOut {
  const { least = 8 } = options;
  const [z, n] = [numbers(older, "z").values, numbers(older, "n").values];
  const [known, later] = [numbers(older, "measured").values, numbers(newer, "measured").values];
  const [before, after] = [numbers(older, "binding").values, numbers(newer, "binding").values];
  const rows = indexNuclides(newer);
  const candidates = Array.from({ length: older.rows }, (_, i) => i).filter(
    (i) => z[i]! >= least && n[i]! >= least && !Number.isNaN(before[i]!),
  );
  const newRow = (i: number) => rows.get(nuclideKey(z[i]!, n[i]!));
  const became = candidates.filter((i) => {
    const row = newRow(i);
    return known[i] === 0 && row !== undefined && later[row] === 1 && !Number.isNaN(after[row]!);
  });
  if (became.length === 0) {
    throw new UserError(
      `futureHoldout: no nucleus with Z, N ≥ ${least} is extrapolated in '${older.name}' and measured in '${newer.name}'; give the older table first`,
    );
  }
  const old = bindingData(selectRows(older, became));
  return {
    train: bindingData(
      selectRows(
        older,
        candidates.filter((i) => known[i] === 1),
      ),
    ),
    test: bindingData(
      selectRows(
        newer,
        became.map((i) => newRow(i)!),
      ),
    ),
    extrapolated: {
      binding: Float64Array.from(old.binding),
      sigma: Float64Array.from({ length: became.length }, (_, i) => old.uncertainty?.[i] ?? Number.NaN),
    },
  };
}

/**
 * Errors on the future test: the older evaluation's own extrapolation first, then every baseline, fitted to what the
 * older evaluation had measured. Columns baseline, nuclei, rms and median (keV), coverage_68 and coverage_95.
 */
export async function futureTable(
  future: FutureHoldOut,
  options: { baselines?: readonly MassBaseline[]; random: Random; task?: Task },
): Promise<Table> {
  const { baselines = massBaselines, random, task } = options;
  const found = await scoreBaselines(baselines, future, random, task);
  return summariseFuture(
    future,
    found.map(({ baseline, score }) => ({ title: baseline.title, score })),
  );
}

/** {@link futureTable} from scores that are there already, of whatever predicts the test nuclei. */
export function summariseFuture(
  future: FutureHoldOut,
  found: readonly { title: string; score: BaselineScore }[],
): Table {
  const rows: { title: string; score: BaselineScore }[] = [
    {
      title: "the older evaluation's extrapolation",
      score: scorePrediction(future.extrapolated, future.test.binding),
    },
    ...found,
  ];
  const column = (name: string, unit: string, key: keyof BaselineScore, help: string) =>
    numberColumn(
      name,
      unit,
      rows.map(({ score }) => score[key]),
      { help },
    );
  return {
    name: "future measurements",
    rows: rows.length,
    provenance: [],
    columns: [
      textColumn(
        "baseline",
        rows.map((row) => row.title),
      ),
      column("nuclei", "", "nuclei", "extrapolated by the older evaluation, measured in the newer"),
      column("rms", "keV", "rms", "RMS error"),
      column("median", "keV", "median", "median absolute error"),
      column("coverage_68", "", "coverage68", "share of nuclei inside the stated 68 % interval"),
      column("coverage_95", "", "coverage95", "share of nuclei inside the stated 95 % interval"),
    ],
  };
}
