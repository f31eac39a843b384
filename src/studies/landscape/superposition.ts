import type { Random } from "../../core/random.ts";
import { numberColumn, textColumn } from "../../data/table.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note } from "../../lenses/diagnostic.ts";
import { superposeMinima } from "../../lenses/landscape/ensemble/superpose.ts";
import { complementarityFigure } from "../../lenses/landscape/figures/complementarity-figure.ts";
import { ensembleFigure } from "../../lenses/landscape/figures/ensemble-figure.ts";
import { splitRows } from "../../physics/classification/standardise.ts";
import type { Section } from "../contract.ts";
import type { SeedResult } from "./classifier-study.ts";

/** What the minima of the first seed give together, on rows that nothing was trained or chosen on. */
export function superpositionSection(
  { subject, analysis, data }: SeedResult,
  random: Random,
): Section | undefined {
  const { network } = analysis;
  const { provenance = [] } = subject;
  const { test, problem } = data.part;
  if (network.minima.length < 2) return undefined;
  const all = { ...data.part, name: data.name, features: test.features, labels: test.labels };
  const { train: held, test: unseen } = splitRows(
    all,
    Math.ceil(test.labels.length / 2),
    random.fork("halves"),
  );
  const classes = problem.shape.classes;
  const full = [held, unseen].every(({ labels }) => new Set(labels).size === classes);
  if (!full) return undefined;
  const found = superposeMinima({ shape: problem.shape, network, held, unseen, random });
  const { combined, pool, complementarity } = found;
  const of = (method: string) => combined.find((one) => one.method === method);
  const metrics: Record<string, number> = { "landscape.superposition.members": pool.length };
  for (const { method, auc } of combined) {
    metrics[`landscape.superposition.${method.replaceAll(/[^a-z]+/g, "_")}`] = auc;
  }
  const best = of("best single")!;
  const gate = of("gate, one member");
  if (gate) metrics["landscape.superposition.gain"] = gate.auc / best.auc;
  const direct = of("direct network");
  return {
    ...emptyFindings(),
    title: `Minima together, ${subject.title}`,
    asked: "Do minima of one loss know different things, so that several of them say more than the best one?",
    metrics,
    figures: [
      ensembleFigure({
        name: "landscape-superposition",
        title: `Minima together, ${subject.title}`,
        caption: `AUC of each way to get one answer out of ${pool.length} minima, on ${unseen.labels.length} rows that nothing was trained or chosen on.`,
        ...{ combined, oracle: complementarity.oracle, provenance },
      }),
      complementarityFigure({
        name: "landscape-complementarity",
        title: `How differently the minima err, ${subject.title}`,
        caption: "Share of the unseen rows that one of two minima gets right and the other wrong.",
        ...{ apart: complementarity.apart, provenance },
        labels: pool.map(({ minimum }) => String(minimum + 1)),
      }),
    ],
    tables: [
      {
        name: "landscape-superposition-scores",
        title: `${pool.length} minima together on ${unseen.labels.length} rows that nothing was trained or chosen on`,
        rows: combined.length,
        columns: [
          textColumn(
            "method",
            combined.map(({ method }) => method),
          ),
          textColumn(
            "saw of the other held-out rows",
            combined.map(({ uses }) => uses),
          ),
          numberColumn(
            "AUC",
            "",
            combined.map(({ auc }) => auc),
          ),
          numberColumn(
            "accuracy",
            "",
            combined.map(({ accuracy }) => accuracy),
          ),
        ],
        provenance,
      },
    ],
    diagnostics: [
      note(
        `An oracle that knows which of ${pool.length} minima to ask would be right on ${(100 * complementarity.oracle.accuracy).toFixed(1)} % of the rows: a bound, and not a method.`,
      ),
    ],
    summary: [
      `Together on unseen rows: the best single minimum has an AUC of ${best.auc.toFixed(3)}, the mean of all ${of("mean of all")!.auc.toFixed(3)}${gate ? `, a gate that asks one minimum ${gate.auc.toFixed(3)}` : ""}${direct ? `, a network of the gate's size trained on the labels directly ${direct.auc.toFixed(3)}` : ""}.`,
    ],
  };
}
