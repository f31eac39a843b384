import { type Diagnostic, emptyFindings, type Findings } from "../contract.ts";
import { note, warning } from "../diagnostic.ts";
import type { Figure } from "../figure.ts";
import type { RelevanceAnalysis } from "./analysis.ts";
import { isNegligible } from "./claims/angle-claim.ts";
import { bodyOrder } from "./claims/order-claim.ts";
import type { FrameCorrelation } from "./curves.ts";
import { fewBody } from "./expansion/curves.ts";
import { angleCurve } from "./figures/angle-curve.ts";
import { configurationScene } from "./figures/configuration-scene.ts";
import { conservationFigure } from "./figures/conservation.ts";
import { ordersFigure, pressureFigure } from "./figures/orders.ts";
import { pairCurve } from "./figures/pair-curve.ts";
import { tripletScatter } from "./figures/scatter.ts";
import { sensitivityFigure } from "./figures/sensitivity.ts";
import { formulas } from "./formulas.ts";
import { cutoffResidue, relevanceMetrics } from "./metrics.ts";
import type { RelevanceOptions } from "./options.ts";
import { configurationOf, type RelevanceSubject } from "./subject.ts";
import { correlationTable, gradientsTable, ordersTable } from "./tables.ts";

const minus = (text: string) => text.replaceAll("-", "−");
const say = (value: number) => minus(String(Number(value.toPrecision(3))));

/** Relevance near the cutoff above this share of its largest size is flagged. */
const residueFrom = 0.02;
/** A sum of relevances further than this from the energy, relative to it, is flagged. */
const conservedTo = 1e-9;

/** The findings of the relevance lens: metrics, figures, tables, claims and warnings. */
export function relevanceFindings(
  subject: RelevanceSubject,
  analysis: RelevanceAnalysis,
  options: RelevanceOptions,
): Findings {
  return {
    ...emptyFindings(),
    metrics: relevanceMetrics(subject, analysis, options),
    figures: figuresOf(subject, analysis, options),
    tables: [
      ordersTable(subject, analysis),
      gradientsTable(subject, analysis),
      correlationTable(subject, analysis),
    ],
    formulas,
    diagnostics: diagnosticsOf(subject, analysis, options),
    summary: summaryOf(subject, analysis, options),
    claims: analysis.claims,
  };
}

function figuresOf(
  subject: RelevanceSubject,
  analysis: RelevanceAnalysis,
  options: RelevanceOptions,
): Figure[] {
  const { main, grids, shell, prepared } = analysis;
  const { id, title, law, frames } = subject;
  const provenance = subject.provenance ?? [];
  const common = { id, title, look: main, provenance };
  const { network, kinds } = prepared;
  const one = kinds.every((kind) => kind === kinds[0]);
  const angle = angleCurve({ ...common, shell, ...(law ? { lawName: law.name } : {}) });
  const scatter = tripletScatter(common);
  const pressure = pressureFigure({ id, title, look: analysis.gradients, provenance });
  return [
    pairCurve({
      ...common,
      cutoff: network.cutoff,
      range: [grids.distance[0]!, network.cutoff],
      ...(one ? { exact: fewBody(network, { species: kinds[0]! }) } : {}),
      ...(law ? { law } : {}),
    }),
    ...(angle ? [angle] : []),
    ordersFigure(common),
    ...(pressure ? [pressure] : []),
    ...(scatter ? [scatter] : []),
    configurationScene({
      ...common,
      frame: configurationOf(frames, main.numbers[0]!),
      terms: main.terms[0]!,
      number: main.numbers[0]!,
      count: options.drawn,
      species: frames.species,
    }),
    conservationFigure({ ...common, mode: options.mode }),
    sensitivityFigure({ id, title, analysis, gamma: options.gamma, provenance }),
  ];
}

function diagnosticsOf(
  subject: RelevanceSubject,
  analysis: RelevanceAnalysis,
  options: RelevanceOptions,
): Diagnostic[] {
  const { main, sensitivity, prepared } = analysis;
  const out: Diagnostic[] = [
    note(
      "A walk takes one neighbour a layer, so that a product of two neighbours formed inside one layer counts as relevance of two-bead walks. Relevance of n beads is an attribution in context, not the n-body term of a many-body expansion; the exact expansion of the same network stands beside it.",
    ),
    note(
      "One-body terms are left out of every comparison: training on forces leaves a constant per bead free.",
    ),
  ];
  const [{ certificate, beads }] = main.terms as [(typeof main.terms)[number]];
  if (Math.abs(certificate.constant) > 0.1 * Math.abs(certificate.energy)) {
    out.push(
      note(
        `${say(certificate.constant / beads)} of the ${say(certificate.energy / beads)} kcal/mol a bead of ${subject.title} are the readout's last bias and nobody's relevance: relevance divides what is left, so it speaks of a bead against that constant, where the expansion speaks of it against a bead alone.`,
      ),
    );
  }
  const defect = Math.max(
    ...main.terms.map(({ certificate: { defect: d, energy } }) => Math.abs(d / (energy || 1))),
  );
  if (defect > conservedTo) {
    out.push(
      warning(
        `The relevances of ${subject.title} do not sum to its energy: the largest defect is ${(100 * defect).toPrecision(2)} % of it (rules '${options.mode}').`,
      ),
    );
  }
  if (isNegligible(analysis, options.significant)) {
    out.push(
      note(
        `Triplets carry ${(100 * main.ratios.relevance).toFixed(1)} % of the relevance of pairs in ${subject.title}${subject.law && subject.law.field.highestOrder > 2 ? ", although its law has three-body terms." : ": no angular term is claimed."}`,
      ),
    );
  }
  const residue = cutoffResidue(main.pair.relevance);
  if (residue > residueFrom) {
    out.push(
      warning(
        `Next to the cutoff of ${prepared.network.cutoff} Å pairs still have ${(100 * residue).toFixed(1)} % of the largest pair relevance: what is seen there is made by the cutoff, or cut off by it.`,
      ),
    );
  }
  const { value } = main.pair.relevance;
  if (value.length > 3) {
    const last = value.at(-2)!;
    const before = value.at(-4)!;
    if (Math.sign(last) !== Math.sign(before) && Math.abs(last) > 0.01 * Math.max(...value.map(Math.abs))) {
      out.push(
        warning("The pair relevance changes its sign in the last bins before the cutoff: an artefact of it."),
      );
    }
  }
  for (const { gamma, pair, angle } of sensitivity) {
    const least = Math.min(...[pair, angle].filter(Number.isFinite));
    if (least < 0.9) {
      out.push(
        warning(
          `With γ = ${gamma} instead of ${options.gamma} the curves of ${subject.title} agree to ${least.toFixed(2)} only: they depend on the rule.`,
        ),
      );
    }
  }
  const beyond = Math.abs(main.totals.vacuum.value[3]!);
  const inside = Math.abs(main.totals.vacuum.value[1]!) + Math.abs(main.totals.vacuum.value[2]!);
  if (beyond > 0.5 * inside) {
    out.push(
      warning(
        `The exact expansion of ${subject.title} in vacuum does not end at three bodies: larger sets hold ${say(beyond)} kcal/mol a bead. Lone pairs and triplets are outside of what the network was trained on.`,
      ),
    );
  }
  return out;
}

function summaryOf(
  { title, law }: RelevanceSubject,
  { main }: RelevanceAnalysis,
  options: RelevanceOptions,
): string[] {
  const [, r2 = 0, r3 = 0] = main.totals.relevance.value;
  const [, v2 = 0, v3 = 0] = main.totals.vacuum.value;
  const truth = main.totals.truth?.value;
  const order = (totals: typeof main.totals.relevance) => bodyOrder(totals, options.significant);
  const corr = (name: string): FrameCorrelation | undefined => main.correlations[name];
  const shown = (found: FrameCorrelation | undefined) =>
    found ? minus(`${found.value.toFixed(2)} (${found.low.toFixed(2)} to ${found.high.toFixed(2)})`) : "–";
  return [
    `In ${title}, relevance gives pairs ${say(r2)} and triplets ${say(r3)} kcal/mol a bead; ${main.totals.branching ? `relevance by trees ${say(main.totals.branching.value[1]!)} and ${say(main.totals.branching.value[2]!)}; ` : ""}the exact expansion of the same network gives ${say(v2)} and ${say(v3)}${truth ? `, and ${law!.name} has ${say(truth[1]!)} and ${say(truth[2]!)}` : ""}. By relevance ${order(main.totals.relevance)} bodies interact at once, by the expansion ${order(main.totals.vacuum)}${law ? `, by the law ${law.field.highestOrder}` : ""}.`,
    `Triplet by triplet the relevance correlates with the exact term to ${shown(corr("R3_V3"))}${main.totals.branching ? ` (by trees ${shown(corr("B3_V3"))})` : ""}${law && law.field.highestOrder > 2 ? `, the exact term with the law to ${shown(corr("V3_truth"))}, the relevance with the law to ${shown(corr("R3_truth"))}` : ""}; pair by pair the relevance correlates with the exact term to ${shown(corr("R2_V2"))}${law ? `, the exact term with the law to ${shown(corr("V2_truth"))}` : ""}.`,
  ];
}
