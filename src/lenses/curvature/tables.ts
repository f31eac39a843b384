import { numberColumn, type Table, textColumn } from "../../data/table.ts";
import type { Answers } from "./ask.ts";
import type { SubsetCheck } from "./check-subsets.ts";
import { shownSpread } from "./claims/reliability-claims.ts";
import type { HealthItem } from "./health-item.ts";
import type { CurvatureSubject } from "./subject.ts";

/** The health panel as a table. */
export function healthTable(subject: CurvatureSubject, items: readonly HealthItem[]): Table {
  return {
    name: `${subject.id}-health`,
    title: `Health of the answers: ${subject.title}`,
    rows: items.length,
    columns: [
      textColumn(
        "check",
        items.map(({ check }) => check),
      ),
      numberColumn(
        "value",
        "",
        items.map(({ value }) => value),
      ),
      textColumn(
        "expected",
        items.map(({ expected }) => expected),
      ),
      textColumn(
        "good",
        items.map(({ good }) => (good ? "yes" : "no")),
      ),
      textColumn(
        "what it means",
        items.map(({ says }) => says),
      ),
    ],
    provenance: subject.provenance ?? [],
  };
}

/** One line a test point: what it rests on, how sure, how far beyond. */
export function answersTable(subject: CurvatureSubject, answers: Answers): Table {
  const { set, predictions, top, relative, extrapolation, spread, influence } = answers;
  const { axis, train } = subject;
  const places = (lists: Answers["top"], of: "helpful" | "harmful") =>
    lists.map((one) => one[of].map(({ index }) => train.names[index]!).join(", "));
  const shown = shownSpread(answers, subject.output);
  return {
    name: `${subject.id}-${set.name}-points`,
    title: `Answers for every point of the set '${set.name}'`,
    rows: set.points.names.length,
    columns: [
      textColumn("point", set.points.names),
      numberColumn(axis.name, axis.unit, set.points.control),
      ...(set.points.phase ? [textColumn("phase", set.points.phase)] : []),
      ...(predictions?.classes
        ? [
            textColumn(
              "predicted",
              Array.from(predictions.classes, (c) => subject.classes?.[c] ?? `class ${c}`),
            ),
            numberColumn("confidence", "", predictions.confidence!, { help: "softmax probability" }),
          ]
        : predictions
          ? [
              numberColumn(
                "prediction",
                "",
                Array.from({ length: predictions.outputs.rows }, (_, t) => predictions.outputs.data[t]!),
              ),
            ]
          : []),
      ...(predictions ? [numberColumn("loss", "", predictions.loss)] : []),
      ...(set.outside
        ? [
            textColumn(
              "outside",
              set.outside.map((yes) => (yes ? "yes" : "no")),
            ),
          ]
        : []),
      textColumn("helpful", places(top, "helpful"), "training points whose removal would hurt most"),
      textColumn("harmful", places(top, "harmful"), "training points whose removal would help most"),
      textColumn("helpful, relative", places(relative, "helpful"), "by relative influence"),
      numberColumn(
        "largest influence",
        "",
        top.map(({ helpful }) => helpful[0]?.value ?? Number.NaN),
      ),
      numberColumn(
        "influence, total size",
        "",
        Array.from({ length: influence.rows }, (_, t) => {
          let sum = 0;
          for (let i = t * influence.cols; i < (t + 1) * influence.cols; i++)
            sum += Math.abs(influence.data[i]!);
          return sum;
        }),
      ),
      numberColumn("uncertainty", shown.unit, shown.values, { help: shown.label }),
      numberColumn("uncertainty of the loss", "", spread.loss, {
        help: "standard deviation over resampled training sets",
      }),
      ...(spread.margin
        ? [
            numberColumn("uncertainty of the margin", "", spread.margin, {
              help: "standard deviation of the logit margin",
            }),
          ]
        : []),
      numberColumn("extrapolation", "", extrapolation.scores, {
        help: "part of the gradient in directions the data leave open",
      }),
      numberColumn("alignment", "", answers.alignment, { help: "with the top eigenvector, −1 to 1" }),
    ],
    provenance: subject.provenance ?? [],
  };
}

/** The leave-one-out pairs are in the figure's data; this is G(ε), the generalisation measure as a curve. */
export function generalisationTable(
  subject: CurvatureSubject,
  thresholds: readonly number[],
  shares: Float64Array,
): Table {
  return {
    name: `${subject.id}-generalisation`,
    title: "Share of curvature directions that any training gradient aligns with",
    rows: thresholds.length,
    columns: [
      numberColumn("threshold", "", thresholds, { help: "|alignment| that counts" }),
      numberColumn("share", "", shares, { help: "generalisation measure; lower is a simpler boundary" }),
    ],
    provenance: subject.provenance ?? [],
  };
}

/** The linear datamodelling score of every test point asked, beside that without a curvature. */
export function datamodellingTable(
  subject: CurvatureSubject,
  { set }: Answers,
  { subsets, tests, quantity, scores, identity }: SubsetCheck,
): Table {
  return {
    name: `${subject.id}-datamodelling`,
    title: `Summed influences against the ${quantity} after training on ${subsets} random halves`,
    rows: tests.length,
    columns: [
      textColumn(
        "point",
        tests.map((t) => set.points.names[t]!),
      ),
      numberColumn(
        subject.axis.name,
        subject.axis.unit,
        tests.map((t) => set.points.control[t]!),
      ),
      numberColumn("datamodelling score", "", scores, { help: "Spearman over the halves, −1 to 1" }),
      numberColumn("without curvature", "", identity, {
        help: "the same by the inner product of gradients",
      }),
    ],
    provenance: subject.provenance ?? [],
  };
}
