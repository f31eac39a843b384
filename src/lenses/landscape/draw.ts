import type { Figure } from "../figure.ts";
import type { LandscapeAnalysis } from "./analysis.ts";
import { attributionNames } from "./attribution/attributions.ts";
import { choiceNames, weightChoices } from "./conserved/permutation-controls.ts";
import { completenessCurve, completenessFigure } from "./figures/completeness-figure.ts";
import { disconnectivityFigure } from "./figures/disconnectivity-figure.ts";
import { featureScoresFigure } from "./figures/feature-scores-figure.ts";
import { heatCapacityFigure } from "./figures/heat-capacity-figure.ts";
import type { MinimumProperty, PermutationTest, Quantity } from "./figures/inputs.ts";
import { minimaScatter } from "./figures/minima-scatter.ts";
import { pairDifferences } from "./figures/pair-differences.ts";
import { permutationTestFigure } from "./figures/permutation-test-figure.ts";
import { persistenceFigure } from "./figures/persistence-figure.ts";
import { spectraFigure } from "./figures/spectra-figure.ts";
import { toleranceFigure } from "./figures/tolerance-figure.ts";
import type { LandscapeSubject } from "./subject.ts";
import { fileName } from "./tables.ts";

/** Above so many minima pairs are not all compared for the audit of tolerances. */
const pairsUpTo = 400;

/** For every minimum the name of its monotonic sequence basin, with its size. */
export function basinNames({ basins }: LandscapeAnalysis): string[] {
  const sizes = new Map(basins.groups.map(({ bottom, minima }) => [bottom, minima.length]));
  return Array.from(basins.bottom, (bottom) => `minimum ${bottom + 1} (${sizes.get(bottom)})`);
}

/** The pictures of a landscape. */
export function drawLandscape(subject: LandscapeSubject, analysis: LandscapeAnalysis): Figure[] {
  const { network, landscape, heat, completeness, spectra, aucs } = analysis;
  const { title, energy, provenance = [] } = subject;
  const groups = basinNames(analysis);
  const groupLabel = "monotonic sequence basin of";
  const text = (what: string, head: string, caption: string) => ({
    ...{ name: fileName(subject, what), title: `${head}, ${title}`, caption, provenance },
  });
  const figures: Figure[] = [
    disconnectivityFigure({
      ...text(
        "disconnectivity",
        "Disconnectivity graph",
        "Every branch ends at the value of a minimum; branches meet where their minima hang together. Colours are monotonic sequence basins (number of minima in brackets).",
      ),
      ...{ graph: network, energy, groups, groupLabel },
    }),
  ];
  if (aucs) {
    const auc: MinimumProperty = { label: "test AUC", unit: "", values: aucs };
    figures.push(
      disconnectivityFigure({
        ...text(
          "disconnectivity-auc",
          "Disconnectivity graph by test AUC",
          "The same graph with every basin at the mean held-out AUC of its minima, and in its colour.",
        ),
        ...{ graph: network, energy, property: auc, metric: auc },
      }),
    );
  }
  if (network.minima.length > 1) {
    figures.push(
      persistenceFigure({
        ...text(
          "persistence",
          "Persistence of the minima",
          "Each minimum from its value to the height at which it joins a lower one. Far from the diagonal are basins that a search can be caught in.",
        ),
        ...{ graph: network, energy, groups, groupLabel },
      }),
    );
  }
  if (heat && heat.peaks.length > 0) {
    figures.push(
      heatCapacityFigure({
        ...text(
          "heat-capacity",
          "Heat capacity of the superposition of minima",
          "Peaks are temperatures at which minima change places; T is fictitious for a loss.",
        ),
        ...{ levels: heat.levels, range: heat.range, peaks: heat.peaks, unit: energy.unit || "loss" },
      }),
    );
  }
  if (completeness && network.walkers.length >= 3) {
    figures.push(
      completenessFigure({
        ...text(
          "completeness",
          "Minima met against walkers",
          "Minima that the first walkers met, and Chao's lower bound of those within the walkers' reach with its 95 % interval.",
        ),
        curve: completenessCurve(network),
        ...(subject.known?.minima !== undefined && { known: subject.known.minima }),
      }),
    );
  }
  const { minima } = network;
  if (minima.length > 1 && minima.length <= pairsUpTo) {
    figures.push(
      toleranceFigure({
        ...text(
          "tolerance",
          "What counts as one point",
          "Differences of all pairs of minima, with the tolerances.",
        ),
        ...pairDifferences(landscape, minima),
        same: network.same,
      }),
    );
  }
  if (spectra?.every((values) => values[0]! > 0)) {
    figures.push(
      spectraFigure({
        ...text("spectra", "Spectra of the Hessian", "Eigenvalues at every minimum, softest first."),
        ...{ spectra, groups, groupLabel },
        ...(subject.classifier &&
          subject.classifier.problem.lambda > 0 && {
            reference: { label: "2λ", value: 2 * subject.classifier.problem.lambda },
          }),
      }),
    );
  }
  return [...figures, ...drawGroup(subject, analysis, energy, groups, groupLabel)];
}

function drawGroup(
  subject: LandscapeSubject,
  analysis: LandscapeAnalysis,
  energy: Quantity,
  groups: readonly string[],
  groupLabel: string,
): Figure[] {
  const { aucs, network, look } = analysis;
  const { title, classifier, provenance = [] } = subject;
  if (!classifier || !aucs) return [];
  const figures: Figure[] = [];
  if (network.minima.length > 2) {
    figures.push(
      minimaScatter({
        name: fileName(subject, "loss-auc"),
        title: `Loss against held-out AUC of the minima, ${title}`,
        caption: "A low training loss need not be a high held-out AUC.",
        provenance,
        x: { ...energy, values: network.minima.map(({ value }) => value) },
        y: { label: "test AUC", unit: "", values: aucs },
        ...{ groups, groupLabel },
      }),
    );
  }
  if (!look) return figures;
  const { attributions, scores, overMinima } = look;
  figures.push(
    permutationTestFigure({
      name: fileName(subject, "shuffled-weights"),
      title: `Permutation test of the conserved weights, ${title}`,
      caption: `Held-out AUC after the values of ${look.count} input weights were shuffled among themselves.`,
      provenance,
      tests: [permutationOf(look, title)],
    }),
    featureScoresFigure({
      name: fileName(subject, "feature-scores"),
      title: `Features by conserved weights and by other methods, ${title}`,
      caption: `Shares of the sum of sizes; intervals of the conserved weights are 95 % over ${look.group.minima.length} minima drawn again.`,
      provenance,
      features: classifier.names,
      methods: [
        { method: "conserved weights", values: scores, low: overMinima.low, high: overMinima.high },
        ...(["permutation", "shapley", "integrated"] as const).map((method) => ({
          method: attributionNames[method],
          values: attributions.scores[method],
        })),
      ],
      ...(classifier.relevant && { relevant: classifier.relevant }),
    }),
  );
  return figures;
}

/** The permutation test of a group as its figure takes it. */
export function permutationOf(
  { controls }: Pick<NonNullable<LandscapeAnalysis["look"]>, "controls">,
  label: string,
): PermutationTest {
  const { mean, sd } = controls.random.shuffled;
  return {
    ...{ label, base: controls.base, random: { mean, sd } },
    choices: weightChoices.map((choice) => {
      const { mean, sd } = controls.scores[choice].shuffled;
      return { choice: choiceNames[choice], mean, sd };
    }),
  };
}
