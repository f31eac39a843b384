import { nullTest } from "../../claims/nulls/null-test.ts";
import { permuted } from "../../claims/nulls/permuted.ts";
import type { Random } from "../../core/random.ts";
import { numberColumn, textColumn } from "../../data/table.ts";
import type { PhasesData } from "./data.ts";
import type { Look } from "./look.ts";

/** Draws of phases dealt out anew. */
const rounds = 999;

/**
 * Do phases that the labels do not tell apart show in influence? For the test points of each phase, the share of their
 * most helpful training points (by relative influence) that belong to the same phase, among training points of the same
 * label; chance deals the phases of those out anew. Adds metrics, a table and a sentence to the look.
 */
export function hiddenPhaseFindings(
  data: PhasesData,
  { section, analysis }: Look,
  id: string,
  random: Random,
): void {
  const { train, even } = data;
  const answers = analysis.answers[0]!;
  const rows: { phase: string; share: number; base: number; p: number; count: number }[] = [];
  for (const phase of new Set(even.phase)) {
    const tests = even.phase.flatMap((name, t) => (name === phase ? [t] : []));
    const label = even.labels[tests[0]!]!;
    const members = Array.from(train.labels, (_, i) => i).filter((i) => train.labels[i] === label);
    const own = members.map((i) => train.phase[i] === phase);
    const base = own.filter(Boolean).length / members.length;
    if (base === 1) continue;
    const place = new Map(members.map((i, k) => [i, k]));
    const named = tests.flatMap((t) =>
      answers.relative[t]!.helpful.flatMap(({ index }) => place.get(index) ?? []),
    );
    if (named.length === 0) continue;
    const share = (of: readonly boolean[]) => named.filter((k) => of[k]).length / named.length;
    const draws = Float64Array.from({ length: rounds }, (_, b) =>
      share(permuted(own, random.fork(phase, b))),
    );
    const test = nullTest(share(own), draws, {
      name: "phases dealt out anew",
      statistic: "share of the same phase",
      cost: "a shuffle",
      reference: "docs/nulls/permuted-labels.md",
    });
    rows.push({ phase, share: share(own), base, p: test.p, count: tests.length });
    const key = phase.replace(/[^A-Za-z0-9]/g, "");
    Object.assign(section.metrics, {
      [`${id}.hidden.${key}.share`]: share(own),
      [`${id}.hidden.${key}.base`]: base,
      [`${id}.hidden.${key}.p`]: test.p,
    });
  }
  if (rows.length === 0) return;
  section.tables.push({
    name: `${id}-hidden-phases`,
    title: "Phases that share a label: do helpful training states come from the same phase?",
    rows: rows.length,
    columns: [
      textColumn(
        "phase of the test states",
        rows.map(({ phase }) => phase),
      ),
      numberColumn(
        "test states",
        "",
        rows.map(({ count }) => count),
      ),
      numberColumn(
        "share",
        "",
        rows.map(({ share }) => share),
        { help: "of their most helpful training states (relative influence) in the same phase" },
      ),
      numberColumn(
        "share by chance",
        "",
        rows.map(({ base }) => base),
        { help: "of that phase among the training states with the same label" },
      ),
      numberColumn(
        "p",
        "",
        rows.map(({ p }) => p),
        {
          help: `phases dealt out anew, ${rounds} draws; neighbouring states are alike, so this null is weak`,
        },
      ),
    ],
    provenance: [],
  });
  const apart = rows.length > 1 && rows.every(({ share, base, p }) => share > base && p <= 0.05);
  section.metrics[`${id}.hidden.told_apart`] = apart ? 1 : 0;
  section.summary.push(
    `Phases under one label are ${apart ? "" : "not "}told apart by which states help them: ${rows
      .map(
        ({ phase, share, base }) =>
          `of the states that help ${phase} most, ${(100 * share).toFixed(0)} % are ${phase} (${(100 * base).toFixed(0)} % by chance)`,
      )
      .join("; ")}.`,
  );
}
