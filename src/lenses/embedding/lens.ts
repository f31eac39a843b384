import type { Values } from "../../core/params.ts";
import type { Task } from "../../core/task.ts";
import { pca } from "../../linalg/pca.ts";
import { columnOf } from "../../linalg/rows.ts";
import { emptyFindings, type Findings, type Lens, type LensContext } from "../contract.ts";
import { note } from "../diagnostic.ts";
import { nature } from "./about.ts";
import { planeFigure } from "./figures/plane.ts";
import { sceneFigure } from "./figures/scene.ts";
import { topographyFigure } from "./figures/topography-map.ts";
import { truncationFigure } from "./figures/truncation-curve.ts";
import { formulas } from "./formulas.ts";
import { perturbHelix } from "./helix-perturbation.ts";
import { testHelix } from "./helix-test.ts";
import { helixWindow, parseWindow } from "./helix-window.ts";
import { orderedness, orderednessEvenOdd } from "./orderedness.ts";
import { parityRatio } from "./parity-ratio.ts";
import { reportHelix } from "./report-helix.ts";
import { reportPerturbation } from "./report-perturbation.ts";
import { structureTable } from "./structure-table.ts";
import { checkSubject, type EmbeddingSubject, type TokenTable, trainedTokens } from "./subject.ts";
import { monotonicity, topography } from "./topography.ts";
import { sharpestDrop, type TruncationCurve, truncate } from "./truncation.ts";

type Options = Values<typeof nature.params>;

/** The embedding lens: principal components of learned token embeddings, their order, parity and helix. */
export const embeddingLens: Lens<EmbeddingSubject, typeof nature.params> = { ...nature, look };

async function look(subject: EmbeddingSubject, options: Options, context: LensContext): Promise<Findings> {
  checkSubject(subject);
  const { task } = context;
  const findings = emptyFindings();
  // Every window is checked before the first long computation starts.
  const windows = subject.tables.map((table) => helixWindow(table, windowOf(table, options)));
  for (const [i, table] of subject.tables.entries()) {
    const part = task.part(
      (0.7 * i) / windows.length,
      (0.7 * (i + 1)) / windows.length,
      `helix ${table.name}`,
    );
    lookAtTable(table, subject, findings);
    const test = await testHelix(
      windows[i]!,
      { rounds: options.nulls, smoothLength: options.smoothLength },
      { task: part, random: context.random.fork(table.name) },
    );
    reportHelix(table, test, subject, options, findings);
  }
  await lookAtProbe(subject, options, findings, task.part(0.7, 0.8, "topography"));
  await lookAtSites(subject, options, findings, task.part(0.8, 0.9, "truncation"));
  await lookAtPerturbation(subject, options, findings, {
    task: task.part(0.9, 1, "helix perturbation"),
    random: context.random.fork("perturbation"),
  });
  findings.tables.push(structureTable(subject, findings));
  findings.formulas.push(...formulas);
  return findings;
}

function windowOf(table: TokenTable, options: Options): readonly [number, number] | undefined {
  if (table.window) return table.window;
  if (table.name === "N") return parseWindow(options.windowN, "option 'windowN'");
  if (table.name === "Z") return parseWindow(options.windowZ, "option 'windowZ'");
  return undefined;
}

function lookAtTable(table: TokenTable, subject: EmbeddingSubject, findings: Findings): void {
  const { name } = table;
  const { tokens, rows } = trainedTokens(table);
  const fitted = pca(rows, { components: 3 });
  const first = columnOf(fitted.scores, 0);
  const metrics: Record<string, number> = {
    [`pca.${name}.tokens`]: tokens.length,
    [`ordering.${name}`]: orderedness(first),
    [`ordering.${name}.evenodd`]: orderednessEvenOdd(first, tokens),
    [`parity.${name}`]: parityRatio(rows, tokens),
  };
  fitted.explained.forEach((share, i) => {
    metrics[`pca.${name}.ev${i + 1}`] = share;
  });
  for (const [metric, value] of Object.entries(metrics)) {
    if (Number.isFinite(value)) findings.metrics[metric] = value;
    else findings.diagnostics.push(note(`${metric} is undefined for these tokens and left out`));
  }
  const left = table.tokens.length - tokens.length;
  if (left > 0) {
    findings.diagnostics.push(
      note(
        `Table ${name}: ${left} of ${table.tokens.length} tokens never occur in training; their rows hold initial noise and are left out.`,
      ),
    );
  }
  const provenance = subject.provenance ?? [];
  findings.figures.push(
    planeFigure(table, tokens, fitted, provenance),
    sceneFigure(table, tokens, fitted, provenance),
  );
}

async function lookAtProbe(
  subject: EmbeddingSubject,
  options: Options,
  findings: Findings,
  task: Task,
): Promise<void> {
  const { probe } = subject;
  if (!probe) return;
  const table = subject.tables.find(({ name }) => name === probe.table)!;
  const size = { points: options.gridPoints, margin: options.margin };
  const provenance = subject.provenance ?? [];
  const along = await topography(table, probe, { plane: [1, 2], ...size }, task.part(0, 0.5));
  const across = await topography(table, probe, { plane: [2, 3], ...size }, task.part(0.5, 1));
  findings.metrics[`topography.${table.name}.monotone`] = monotonicity(along);
  findings.figures.push(
    topographyFigure(along, { relative: false, provenance }),
    topographyFigure(across, { relative: true, provenance }),
  );
}

async function lookAtSites(
  subject: EmbeddingSubject,
  options: Options,
  findings: Findings,
  task: Task,
): Promise<void> {
  const sites = subject.sites ?? [];
  const curves: TruncationCurve[] = [];
  for (const [i, site] of sites.entries()) {
    const part = task.part(i / sites.length, (i + 1) / sites.length, `truncation ${site.name}`);
    const curve = await truncate(site, { maxComponents: options.maxComponents }, part);
    curves.push(curve);
    curve.kept.forEach((k, j) => {
      findings.metrics[`truncation.${site.name}.k${k}`] = curve.error[j]!;
    });
    findings.metrics[`truncation.${site.name}.full`] = curve.full;
    const drop = sharpestDrop(curve);
    if (Number.isFinite(drop)) findings.metrics[`truncation.${site.name}.drop`] = drop;
  }
  const scales = new Set(sites.map(({ quantity, unit }) => `${quantity} (${unit})`));
  for (const scale of scales) {
    const together = curves.filter(({ site }) => `${site.quantity} (${site.unit})` === scale);
    const name = scales.size > 1 ? `truncation-${together[0]!.site.name}` : "truncation";
    findings.figures.push(truncationFigure(name, together, subject.provenance ?? []));
  }
}

async function lookAtPerturbation(
  subject: EmbeddingSubject,
  options: Options,
  findings: Findings,
  context: LensContext,
): Promise<void> {
  const { perturbation } = subject;
  if (!perturbation) return;
  const [z, n] = ["Z", "N"].map((name) => subject.tables.find((table) => table.name === name)!);
  const [windowZ, windowN] = [windowOf(z!, options)!, windowOf(n!, options)!];
  const found = await perturbHelix(
    { z: z!, n: n!, windowZ, windowN },
    perturbation,
    { controls: options.controls, prominence: options.prominence },
    context,
  );
  reportPerturbation(found, perturbation, subject.provenance ?? [], findings);
}
