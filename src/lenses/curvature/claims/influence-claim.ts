import { type Baseline, type EvidenceCard, type NullTest, notRun } from "../../../claims/card.ts";
import type { Influence } from "../../../claims/kinds/influence.ts";
import { nullTest } from "../../../claims/nulls/null-test.ts";
import { permuted } from "../../../claims/nulls/permuted.ts";
import { runNull } from "../../../claims/nulls/run-null.ts";
import type { ClaimWithCard } from "../../../claims/report-claims.ts";
import type { Random } from "../../../core/random.ts";
import type { Task } from "../../../core/task.ts";
import type { Matrix } from "../../../linalg/matrix.ts";
import { pearson } from "../../../stats/correlation.ts";
import { median, quantile } from "../../../stats/quantile.ts";
import { ranks } from "../../../stats/ranks.ts";
import { rowProducts } from "../answers/rows.ts";
import type { Answers } from "../ask.ts";
import { cutShort, type GroupRemoval, type RemovalCheck, type TestGroup } from "../check-removal.ts";
import type { CurvatureOptions, Prepared } from "../prepare.ts";
import type { CurvatureSubject } from "../subject.ts";

/** Correlation of predicted and actual change from which influences count as right; fixed beforehand. */
const rightFrom = 0.9;

/** Draws of the random claims beside it. */
const randomClaims = 199;

/** The mean influence of every training point over a group of test points. */
export function groupInfluence(
  { influence }: Pick<Answers, "influence">,
  tests: readonly number[],
): Float64Array {
  const { cols, data } = influence;
  return Float64Array.from(
    { length: cols },
    (_, i) => tests.reduce((sum, t) => sum + data[t * cols + i]!, 0) / tests.length,
  );
}

/** Indices of the `count` largest values, largest first. */
export function largest(values: ArrayLike<number>, count: number): number[] {
  return Array.from(values, (value, i) => ({ value, i }))
    .sort((a, b) => b.value - a.value || a.i - b.i)
    .slice(0, count)
    .map(({ i }) => i);
}

/**
 * How close together some training points lie along the control axis: 1 − 4·(mean |rank − median rank|)/n, 1 for
 * neighbours and about 0 for points drawn at random.
 */
export function closeness(control: ArrayLike<number>, members: readonly number[]): number {
  const places = ranks(control);
  const own = members.map((i) => places[i]!);
  const middle = median(own);
  return 1 - (4 * own.reduce((sum, rank) => sum + Math.abs(rank - middle), 0)) / own.length / control.length;
}

/** The id of the influence claim about a group of a subject's test set. */
export function influenceClaimId(subject: { id: string }, set: { name: string }, group: string): string {
  return `${subject.id}.influence.${set.name}.${group.replace(/[^A-Za-z0-9]/g, "")}`;
}

/** Which training points drove the predictions of a group of test points: an influence claim with its card. */
export async function influenceClaim(
  subject: CurvatureSubject,
  prepared: Prepared,
  answers: Answers,
  group: TestGroup,
  removal: RemovalCheck | undefined,
  options: CurvatureOptions,
  context: { task: Task; random: Random },
): Promise<ClaimWithCard> {
  const { random, task } = context;
  const values = groupInfluence(answers, group.tests);
  const top = largest(values, options.top);
  const { control } = subject.train;
  const { label } = subject.axis;
  const at = top.map((i) => control[i]!);
  const id = influenceClaimId(subject, answers.set, group.name);
  const { ordered = true } = subject;
  const alone = group.tests.length === 1;
  const asked = alone
    ? `The prediction of ${subject.title} for ${answers.set.points.names[group.tests[0]!]} rests most on`
    : `The predictions of ${subject.title} for ${group.tests.length} ${group.name} points of the set '${answers.set.name}' rest most on`;
  const own = removal?.groups.find(({ name }) => name === group.name);
  const claim: Influence = {
    kind: "influence",
    id,
    title: `What drove the predictions: ${group.name}`,
    statement: `${asked} ${ordered ? `training points at ${label} = ${say(Math.min(...at))}${Math.max(...at) > Math.min(...at) ? ` to ${say(Math.max(...at))}` : ""}` : `${top.map((i) => subject.train.names[i]!).join(", ")}`}.`,
    unit: "",
    subject: subject.about,
    on: `mean loss over the ${group.name} points of the set '${answers.set.name}', when the training point is left out`,
    points: [...subject.train.names],
    values: Array.from(values, (value) => Number(value.toPrecision(6))),
    uncertainty: null,
  };
  const test = ordered
    ? (
        await runNull({
          name: "random points",
          statistic: `closeness along ${label} of the ${options.top} most helpful training points`,
          observed: closeness(control, top),
          draw: (stream) =>
            closeness(control, Array.from(stream.permutation(values.length)).slice(0, options.top)),
          rounds: options.nulls,
          random: random.fork("random points", id),
          reference: "docs/nulls/random-points.md",
          cost: { each: `${options.top} training points drawn at random` },
          task,
        })
      ).test
    : own && !cutShort(removal!)
      ? leftOutNull(own)
      : undefined;
  const found = removal && groupCheck(answers, group, removal);
  const checked = found && Number.isFinite(pearson(found.predicted, found.actual)) ? found : undefined;
  const lost = removal !== undefined && cutShort(removal);
  const short =
    "Most retrainings did not end in a minimum, and their first steps follow influence by construction.";
  const score = checked ? pearson(checked.predicted, checked.actual) : Number.NaN;
  const unchecked = removal
    ? "Leaving training points out changed nothing that could be correlated."
    : "Nothing was retrained, so there is no actual change to compare with.";
  const card: EvidenceCard = {
    null: test ? [test] : notRun(lost ? short : unchecked),
    baselines:
      removal && checked
        ? baselines(subject, prepared, answers, group, removal, checked, random.fork("baselines", id))
        : notRun(unchecked),
    stability: notRun("One network; the study compares those of several seeds."),
    faithfulness: !own
      ? notRun("Nothing was retrained.")
      : lost
        ? notRun(short)
        : ordered
          ? [
              {
                what: `the ${own.members.length} most helpful training points were left out together and the network retrained`,
                quantity: `mean loss of the ${group.name} points`,
                unit: "",
                change: own.actual,
                control: `${own.members.length} random training points, ${own.random.length} times`,
                controls: own.random,
              },
            ]
          : notRun("Leaving the named points out, beside random ones, is the null test above."),
    truth:
      removal && checked && !(lost && score >= rightFrom)
        ? [
            {
              truth: `the change after retraining without each of ${removal.left.length} training points`,
              measure: "Pearson correlation with the change that influence predicts",
              score,
              threshold: rightFrom,
            },
          ]
        : notRun(lost ? short : unchecked),
    outOfDistribution: notRun(
      "An influence speaks of the training points at hand; none can be held out and still have one.",
    ),
    multiplicity: {
      configurations: 1,
      what: "one curvature and one damping, no search",
      tests: null,
      adjustedP: null,
    },
    leakage: notRun("The claim is about the training data; no held-out value is predicted."),
  };
  return { claim, card };
}

/** The rise of the loss without the named points, against that without as many random ones. */
function leftOutNull({ members, actual, random }: GroupRemoval): NullTest {
  return nullTest(actual, Float64Array.from(random), {
    name: "random points left out",
    statistic: `rise of the loss when ${members.length} training points are left out and the model retrained`,
    cost: `${random.length} draws, each one retraining`,
    reference: "docs/nulls/random-points.md",
  });
}

interface GroupCheck {
  predicted: number[];
  actual: number[];
}

function groupCheck(answers: Answers, group: TestGroup, { left, changes }: RemovalCheck): GroupCheck {
  const values = groupInfluence(answers, group.tests);
  return {
    predicted: left.map((i) => values[i]!),
    actual: left.map((_, k) => averageOf(changes, k, group.tests)),
  };
}

function averageOf({ data, cols }: Matrix, row: number, tests: readonly number[]): number {
  return tests.reduce((sum, t) => sum + data[row * cols + t]!, 0) / tests.length;
}

/** Influences dealt out anew, the inner product of gradients without the curvature, and nearness on the axis. */
function baselines(
  subject: CurvatureSubject,
  { gradients }: Prepared,
  answers: Answers,
  group: TestGroup,
  { left }: RemovalCheck,
  { predicted, actual }: GroupCheck,
  random: Random,
): Baseline[] {
  const own = pearson(predicted, actual);
  const shared = {
    measure: `correlation with the actual change on leaving out ${left.length} training points`,
    unit: "",
    better: "higher" as const,
    own,
  };
  const values = groupInfluence(answers, group.tests);
  const chance = Array.from({ length: randomClaims }, (_, b) => {
    const dealt = permuted(values, random.fork(b));
    return pearson(
      left.map((i) => dealt[i]!),
      actual,
    );
  }).filter(Number.isFinite);
  const products = groupInfluence({ influence: rowProducts(answers.queries, gradients) }, group.tests);
  const { control } = subject.train;
  const tests = group.tests.map((t) => answers.set.points.control[t]!);
  const near = left.map(
    (i) => -tests.reduce((sum, at) => sum + Math.abs(at - control[i]!), 0) / tests.length,
  );
  const classical = (name: string, list: readonly number[]): Baseline[] => {
    const score = pearson(list, actual);
    return Number.isNaN(score) ? [] : [{ name, role: "classical", ...shared, score, draws: 1 }];
  };
  return [
    {
      name: "random influence",
      role: "random claim",
      ...shared,
      score: quantile(chance, 0.95),
      draws: randomClaims,
    },
    ...classical(
      "inner product of gradients, without curvature",
      left.map((i) => products[i]!),
    ),
    ...classical(`nearness along ${subject.axis.label}`, near),
  ];
}

function say(value: number): string {
  return String(Number(value.toPrecision(4))).replace("-", "−");
}
