import { breathe } from "../../core/breathe.ts";
import { UserError, usageError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { quietTask, type Task } from "../../core/task.ts";
import { filterRows } from "../../data/select.ts";
import { numberColumn, numbers, type Table, textColumn } from "../../data/table.ts";
import { mean, variance } from "../../stats/describe.ts";
import { derivableShare } from "./leakage.ts";
import { nucleiOf } from "./nuclides.ts";
import { deriveTargets, observables, type Target, tabulatedTargets } from "./observables.ts";
import { type SplitKind, splitEntries } from "./splits.ts";

/** The ten targets of Kitouni et al. (arXiv:2405.17425), as columns of the LiveChart table. */
export const paperTargets = ["binding", "radius", "qa", "qbm", "qbm_n", "qec", "sn", "sp", "z", "n"] as const;

/** The splits whose leak is measured, with what a reader calls them. */
const measuredKinds = [
  { kind: "random", label: "rows (the paper's multi-task runs)" },
  { kind: "random-all_same", label: "nuclei, all targets (the paper's Figure 9)" },
  { kind: "nuclei", label: "nuclei, leak-free" },
] as const satisfies readonly { kind: SplitKind; label: string }[];

/**
 * How much of the held-out binding energies follows from training targets by mass arithmetic alone: a row a kind of
 * split and training fraction, columns split, kind, fraction, seeds, share (mean over the seeds, with their standard
 * deviation as its uncertainty). 0 for the leak-free split, whatever the targets.
 *
 * The targets are the paper's ten where the table has them all (LiveChart); a table of masses alone gives the binding,
 * separation and decay energies that the mass identities make of it.
 * @param table nuclides with Z, N > 0 count. @param options.fractions 0.1, 0.5, 0.9. @param options.seeds 5 or more:
 * single seeds scatter by several per cent at a tenth.
 */
export async function measureLeak(
  table: Table,
  options: { fractions?: readonly number[]; seeds?: number; random: Random; task?: Task },
): Promise<Table> {
  const { fractions = [0.1, 0.5, 0.9], seeds = 5, random, task = quietTask } = options;
  if (!Number.isInteger(seeds) || seeds < 1) {
    throw usageError(`measureLeak: ${seeds} seeds; expected a whole number of at least 1`);
  }
  if (fractions.length === 0) throw usageError("measureLeak: no fractions to measure at");
  const { nuclei, targets, names } = leakTargets(table);
  const isBinding = (i: number) => names[targets[i]!.task] === "binding";
  const isMass = (i: number) => (observables as readonly string[]).includes(names[targets[i]!.task]!);
  const rows = measuredKinds.flatMap(({ kind, label }) =>
    fractions.map((fraction) => ({ kind, label, fraction, shares: [] as number[] })),
  );
  let done = 0;
  for (const row of rows) {
    for (let seed = 0; seed < seeds; seed++) {
      const { kind, fraction } = row;
      const stream = random.fork("leak", kind, fraction, seed);
      const split = splitEntries({ kind, nuclei, entries: targets, fraction, random: stream });
      row.shares.push(derivableShare({ entries: targets, split, isMass, isBinding }));
      task.report(++done / (rows.length * seeds), `leak of '${kind}' at ${fraction}`);
      await breathe(task);
    }
  }
  return {
    name: "leak",
    rows: rows.length,
    provenance: table.provenance,
    columns: [
      textColumn(
        "split",
        rows.map((row) => row.label),
      ),
      textColumn(
        "kind",
        rows.map((row) => row.kind),
      ),
      numberColumn(
        "fraction",
        "",
        rows.map((row) => row.fraction),
        { help: "share of the rows or nuclei that trains" },
      ),
      numberColumn(
        "seeds",
        "",
        rows.map((row) => row.shares.length),
      ),
      numberColumn(
        "share",
        "",
        rows.map((row) => mean(row.shares)),
        {
          help: "share of held-out binding energies that training targets determine, mean and standard deviation over the seeds",
          uncertainty: Float64Array.from(rows, (row) => Math.sqrt(variance(row.shares))),
        },
      ),
    ],
  };
}

function leakTargets(table: Table): {
  nuclei: { z: Float64Array; n: Float64Array };
  targets: Target[];
  names: readonly string[];
} {
  const [z, n] = [numbers(table, "z").values, numbers(table, "n").values];
  const part = filterRows(table, (i) => z[i]! > 0 && n[i]! > 0);
  if (part.rows === 0) throw new UserError(`measureLeak: table '${table.name}' has no nuclide with Z, N > 0`);
  const has = (name: string) => part.columns.some((column) => column.name === name);
  const tabulated = paperTargets.every(has);
  const names: readonly string[] = tabulated ? paperTargets : observables;
  const targets = tabulated ? tabulatedTargets(part, names) : deriveTargets(part, observables);
  return { nuclei: nucleiOf(part), targets, names };
}
