import { numberColumn, textColumn } from "../../data/table.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note, warning } from "../../lenses/diagnostic.ts";
import type { Figure } from "../../lenses/figure.ts";
import { curvesFigure, type DrawnCurve, sides } from "../../lenses/relevance/figures/curves-figure.ts";
import type { TrainedPotential } from "../../models/potentials/train-potential.ts";
import type { Section } from "../contract.ts";
import type { FluidResult } from "./fluid-study.ts";

/** A force error from which a network is told to have failed, relative to the spread of the forces. */
const poorFrom = 0.3;

/** The frames and the networks of a fluid: what they were trained on, and how well forces are matched. */
export function trainingSection(result: FluidResult): Section {
  const { name, system, frames, exact, inefficiency, recipe, networks, outsideError, elsewhere } = result;
  const { train, validation, set } = frames;
  const first = networks[0]!.trained;
  const { match } = first;
  const metrics: Record<string, number> = {
    [`${name}.force_error`]: match.validation,
    [`${name}.force_error.relative`]: match.relative,
    [`${name}.force_error.elsewhere`]: outsideError,
    [`${name}.force_spread`]: match.spread,
    [`${name}.training.frames`]: train.length,
    [`${name}.training.steps`]: first.steps,
    [`${name}.data.inefficiency`]: inefficiency,
    [`${name}.data.E2.per_bead`]: exact.pairs,
    [`${name}.data.E3.per_bead`]: exact.triplets,
  };
  for (const { seed, trained } of networks.slice(1)) {
    metrics[`${name}.seed.${seed}.force_error.relative`] = trained.match.relative;
  }
  if (match.floor !== undefined) metrics[`${name}.noise_floor`] = match.floor;
  if (match.excess !== undefined) metrics[`${name}.force_error.excess`] = match.excess;
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  const { config } = first;
  return {
    ...emptyFindings(),
    title: `Learning ${system.title}`,
    asked: `How well do networks match the forces of ${system.title}, and is it the noise that stops them?`,
    metrics: Object.fromEntries(Object.entries(metrics).filter(([, value]) => Number.isFinite(value))),
    figures: [
      lossFigure(
        name,
        system.title,
        networks.map(({ seed, trained }) => ({ label: `seed ${seed}`, trained })),
      ),
    ],
    tables: [
      {
        name: `${name}-networks`,
        title: `Networks trained on ${system.title}: ${config.architecture}, ${config.features} features, ${config.layers} layers, cutoff ${config.cutoff} Å`,
        rows: networks.length,
        columns: [
          textColumn(
            "network",
            networks.map(({ seed }) => `seed ${seed}`),
          ),
          ...(["training", "validation", "spread"] as const).map((field) =>
            numberColumn(
              `${field === "spread" ? "RMS force" : `RMS force error, ${field}`}`,
              "kcal/mol/Å",
              networks.map(({ trained }) => trained.match[field]),
            ),
          ),
          numberColumn(
            "relative",
            "",
            networks.map(({ trained }) => trained.match.relative),
            { help: "validation error over the spread of the forces" },
          ),
        ],
        provenance: [...set.provenance],
      },
    ],
    diagnostics: [
      note(
        `${set.name}, ${set.beads} beads: ${train.length} frames to learn from (${recipe.states.map(({ temperature, density }) => `${temperature} K at ${density} g/cm³`).join(", ")}) and ${validation.length} later ones of the first state to validate with, of which ${inefficiency.toFixed(1)} count as one independent frame. ${(match.floor ?? 0) > 0 ? `The forces carry noise of ${match.floor} kcal/mol/Å a component, below which no model gets.` : "The forces are exact, so there is no noise floor: what is left of the error is the network's."}`,
      ),
      ...(match.relative > poorFrom
        ? [
            warning(
              `The force error is ${percent(match.relative)} of the spread of the forces: this network has not learned ${system.title}, and what it is made of says little about the law.`,
            ),
          ]
        : []),
    ],
    summary: [
      `A ${config.architecture} of ${config.layers} layers and ${config.features} features matches the forces of ${system.title} to ${percent(match.relative)} of their spread on frames it never saw (${networks.length} start${networks.length === 1 ? "" : "s"}), and to ${percent(outsideError)} at another density (${elsewhere.name}).`,
    ],
  };
}

/** Force errors over the epochs, with the spread of the forces and the noise floor. */
export function lossFigure(
  id: string,
  title: string,
  networks: readonly { label: string; trained: TrainedPotential }[],
): Figure {
  const colours = [sides.relevance, sides.vacuum, sides.context, sides.other, sides.more];
  const { match } = networks[0]!.trained;
  const epochs = networks[0]!.trained.curve.epoch;
  const ends = [epochs[0]!, epochs.at(-1)!];
  const shown = networks.slice(0, 4);
  const curves: DrawnCurve[] = [
    ...shown.map(({ label, trained }, k) => ({
      label: `validation, ${label}`,
      at: trained.curve.epoch,
      value: trained.curve.validation,
      color: colours[k % colours.length]!,
    })),
    {
      label: "spread of the forces",
      at: ends,
      value: [match.spread, match.spread],
      as: "dashed",
      color: sides.truth,
    },
    ...(match.floor
      ? [
          {
            label: "noise floor",
            at: ends,
            value: [match.floor, match.floor],
            as: "dashed" as const,
            color: "#8b949e",
          },
        ]
      : []),
  ];
  return curvesFigure({
    name: `${id}-loss`,
    title: `Force matching, ${title}`,
    caption: `RMS error of a force component on frames that training never saw. Above: the spread of the forces, which is the error of a model without forces${match.floor ? "; below: the noise of the forces, under which no model gets" : "; the forces are exact, so nothing but the network stops the error from falling"}.`,
    x: { label: "epoch", column: "epoch", unit: "" },
    y: { label: "RMS force error (kcal/mol/Å)", column: "error", unit: "kcal/mol/Å", type: "log" },
    curves,
    provenance: [],
  });
}
