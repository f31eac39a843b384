import { numberColumn, type Table, textColumn } from "../../data/table.ts";
import type { LandscapeAnalysis } from "./analysis.ts";
import { attributionMethods, attributionNames } from "./attribution/attributions.ts";
import type { GroupLook } from "./conserved/look-at-group.ts";
import { choiceNames, weightChoices } from "./conserved/permutation-controls.ts";
import type { LandscapeSubject } from "./subject.ts";

/** The name of a file of this subject. */
export function fileName({ id }: Pick<LandscapeSubject, "id">, what: string): string {
  return `${id.replaceAll(".", "-")}-${what}`;
}

/** Every minimum: value, curvature, which basin, what it does on held-out rows. */
export function minimaTable(subject: LandscapeSubject, analysis: LandscapeAnalysis): Table {
  const { network, basins, aucs } = analysis;
  const { minima } = network;
  const { unit } = subject.energy;
  return {
    name: fileName(subject, "minima"),
    title: `Minima of ${subject.title}`,
    rows: minima.length,
    columns: [
      numberColumn(
        "minimum",
        "",
        Array.from(minima.keys(), (id) => id + 1),
      ),
      numberColumn(
        "value",
        unit,
        minima.map(({ value }) => value),
      ),
      numberColumn(
        "log product",
        "",
        minima.map(({ logProduct }) => logProduct),
        {
          help: "sum of ln λ over the positive eigenvalues of the Hessian",
        },
      ),
      numberColumn(
        "lowest eigenvalue",
        "",
        minima.map(({ lowest }) => lowest),
      ),
      numberColumn(
        "order",
        "",
        minima.map(({ order }) => order),
        { help: "symmetry operations that leave it" },
      ),
      numberColumn(
        "basin",
        "",
        Array.from(basins.bottom, (id) => id + 1),
        {
          help: "the minimum where its monotonic sequence ends",
        },
      ),
      numberColumn(
        "quenches",
        "",
        minima.map(({ seen }) => seen.reduce((sum, { hits }) => sum + hits, 0)),
      ),
      ...(aucs ? [numberColumn("test AUC", "", aucs)] : []),
    ],
    provenance: subject.provenance ?? [],
  };
}

/** The permutation test: what is left of the AUC for every choice of weights, shuffled, zeroed and replaced by noise. */
export function permutationTable(subject: LandscapeSubject, { controls, count }: GroupLook): Table {
  const { base, scores, random } = controls;
  const rows = [
    ...weightChoices.map((choice) => ({ name: choiceNames[choice], ...scores[choice] })),
    {
      name: `random (${random.shuffled.means.length} sets)`,
      shuffled: random.shuffled,
      zeroed: random.zeroed,
      noise: random.noise,
    },
  ];
  return {
    name: fileName(subject, "permutation-test"),
    title: `Held-out AUC of ${subject.title} after ${count} weights were disturbed (${base.toFixed(4)} untouched)`,
    rows: rows.length,
    columns: [
      textColumn(
        "weights",
        rows.map(({ name }) => name),
      ),
      numberColumn(
        "shuffled",
        "",
        rows.map(({ shuffled }) => shuffled.mean),
        {
          uncertainty: Float64Array.from(rows, ({ shuffled }) => shuffled.sd),
          help: "sd over shuffles; of random sets over the sets",
        },
      ),
      numberColumn(
        "zeroed",
        "",
        rows.map(({ zeroed }) => zeroed.mean),
      ),
      numberColumn(
        "replaced by noise",
        "",
        rows.map(({ noise }) => noise.mean),
        {
          uncertainty: Float64Array.from(rows, ({ noise }) => noise.sd),
        },
      ),
    ],
    provenance: subject.provenance ?? [],
  };
}

/** The features by every method. */
export function scoresTable(subject: LandscapeSubject, look: GroupLook): Table {
  const { names, relevant } = subject.classifier!;
  const { attributions, scores, overMinima, overData } = look;
  return {
    name: fileName(subject, "features"),
    title: `Features of ${subject.title} by conserved weights and by other methods`,
    rows: names.length,
    columns: [
      textColumn("feature", names),
      ...(relevant
        ? [
            textColumn(
              "carries the label",
              names.map((_, k) => (relevant.includes(k) ? "yes" : "no")),
            ),
          ]
        : []),
      numberColumn("conserved weights", "", scores),
      numberColumn("low", "", overMinima.low, { help: "2.5 % over minima drawn again" }),
      numberColumn("high", "", overMinima.high, { help: "97.5 %" }),
      ...(overData
        ? [
            numberColumn("low over data", "", overData.low, { help: "2.5 % over training rows drawn again" }),
            numberColumn("high over data", "", overData.high, { help: "97.5 %" }),
          ]
        : []),
      ...attributionMethods.map((method) =>
        numberColumn(attributionNames[method], "", attributions.scores[method]),
      ),
    ],
    provenance: subject.provenance ?? [],
  };
}
