import { numberColumn, textColumn } from "../../data/table.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note } from "../../lenses/diagnostic.ts";
import type { Section } from "../contract.ts";
import type { PhasesData } from "./data.ts";

/** The states: how many, of which ring, labelled by which rule. */
export function dataSection(data: PhasesData): Section {
  const { train, even, mixed, scan, classes, rule, cut, axis } = data;
  const sets = [train, even, mixed, scan];
  const count = (k: number, { labels }: typeof train) => labels.filter((label) => label === k).length;
  const residual = Math.max(...sets.map(({ set }) => set.residual));
  const { L, N, dim } = train.set;
  return {
    ...emptyFindings(),
    title: "Ground states and labels",
    asked: `Which states of the ring of ${L} sites does the network see along ${cut.name}, and what is it told of them?`,
    metrics: {
      "data.sites": L,
      "data.amplitudes": dim,
      "data.train.count": train.set.count,
      ...Object.fromEntries(
        classes.map((name, k) => [`data.train.${name.replace(/[^A-Za-z0-9]/g, "")}`, count(k, train)]),
      ),
      "data.even.count": even.set.count,
      "data.mixed.count": mixed.set.count,
      "data.mixed.permuted": mixed.set.permuted.filter(Boolean).length,
      "data.residual": residual,
      "data.label_boundary": labelBoundaries(data)[0] ?? Number.NaN,
    },
    tables: [
      {
        name: "sets",
        title: "Sets of ground states",
        rows: sets.length,
        columns: [
          textColumn("set", ["training", "even", "mixed", "scan"]),
          numberColumn(
            "states",
            "",
            sets.map(({ set }) => set.count),
          ),
          ...classes.map((name, k) =>
            numberColumn(
              name,
              "",
              sets.map((one) => count(k, one)),
            ),
          ),
          numberColumn(
            "permuted",
            "",
            sets.map(({ set }) => set.permuted.filter(Boolean).length),
            { help: "states whose amplitudes were put into random order" },
          ),
          numberColumn(
            `least ${axis.name}`,
            "",
            sets.map(({ set }) => Math.min(...set.control)),
          ),
          numberColumn(
            `largest ${axis.name}`,
            "",
            sets.map(({ set }) => Math.max(...set.control)),
          ),
        ],
        provenance: [],
      },
    ],
    diagnostics: [
      note(
        `Labels: ${rule}. Where the label changes along ${axis.label} is therefore a choice, and so is any critical value of a network trained on all of them.`,
      ),
    ],
    summary: [
      `${train.set.count} exact ground states of the half-filled ring of ${L} sites (${N} particles, ${dim} amplitudes) along ${cut.name}, largest residual ‖Hψ − Eψ‖ = ${residual.toExponential(0)}; ${classes.map((name, k) => `${count(k, train)} ${name}`).join(", ")}.`,
    ],
  };
}

/** The control values at which the training label changes: halfway between the neighbours. */
export function labelBoundaries({ train: { set, labels } }: PhasesData): number[] {
  return Array.from(labels, (_, i) => i)
    .filter((i) => i > 0 && labels[i] !== labels[i - 1])
    .map((i) => (set.control[i - 1]! + set.control[i]!) / 2);
}
