import type { Baseline, EvidenceCard } from "../../claims/card.ts";
import { notRun } from "../../claims/card.ts";
import { stabilityFrom } from "../../claims/evidence/stability.ts";
import type { Concept } from "../../claims/kinds/concept.ts";
import { nullTest } from "../../claims/nulls/null-test.ts";
import { permuted } from "../../claims/nulls/permuted.ts";
import { runNull } from "../../claims/nulls/run-null.ts";
import type { ClaimWithCard } from "../../claims/report-claims.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import type { Matrix } from "../../linalg/matrix.ts";
import { pca } from "../../linalg/pca.ts";
import { columnOf } from "../../linalg/rows.ts";
import { median, quantile } from "../../stats/quantile.ts";
import { trendBasis, withoutTrends } from "../features/trends.ts";
import { circleAgreement, type Plane } from "./circle-agreement.ts";
import { rangeText } from "./figures/words.ts";
import { agreementHeldOut, type HeldOutNetwork } from "./held-out.ts";
import { ablateHelix } from "./helix-ablation.ts";
import { type FittedHelix, fitTableHelix } from "./helix-change.ts";
import { detrended, helixStatistic } from "./helix-statistic.ts";
import { testHelix } from "./helix-test.ts";
import type { PerturbationProbe } from "./subject.ts";
import type { TablePair } from "./table-pair.ts";
import { tokenConcept } from "./token-concept.ts";
import { untrainedReference, untrainedRows } from "./untrained.ts";

/** Random claims beside a claim, and random directions beside an ablation. */
const draws = 99;
const controls = 19;

/** What a study knows that a lens does not. */
export type StudyEvidence = Pick<EvidenceCard, "multiplicity" | "leakage"> & { about: Concept["subject"] };

/**
 * The claim "these embeddings run round a helix": the detrended second principal component of the window, in standard
 * deviations, as a concept over the tokens. Its card: q against random walks, smooth paths and untrained embeddings;
 * the share of the three components that the helix describes beside a straight line and a cubic, and the agreement with
 * the other networks' circles beside that of shuffled tokens; that agreement over all pairs of networks
 * ({@link circleAgreement}); the circle taken out of the table.
 * @param options.networks the tables of every network, the same tokens trained in each
 * @param options.shown which of them the claim speaks of
 * @param options.without a network trained where a part of the data was held out
 * @param options.nulls the stream that the lens was given for this table: the same draws, so the same p
 */
export async function helixClaim(
  options: {
    name: "Z" | "N";
    networks: readonly TablePair[];
    shown: number;
    window?: readonly [number, number];
    probe: PerturbationProbe;
    rounds: number;
    smoothLength: number;
    study: StudyEvidence;
    nulls: Random;
    without?: HeldOutNetwork | undefined;
  },
  { task, random }: { task: Task; random: Random },
): Promise<ClaimWithCard> {
  const { name, networks, shown, window, rounds, study } = options;
  const fits = networks.map((pair) => fitTableHelix(pair[name], window));
  const own = fits[shown]!;
  const { t, tokens, rows } = own.window;
  const planes = fits.map(({ components }): Plane => planeOf(components.scores));
  const test = await testHelix(
    own.window,
    { rounds, smoothLength: options.smoothLength },
    { task: task.part(0, 0.5), random: options.nulls },
  );
  const { q } = test.statistic;
  const statistic = "q, how well the second and third component circle together";
  const each = `one principal component analysis of ${rows.rows} × ${rows.cols}`;
  const untrained = await runNull({
    name: "untrained embeddings",
    statistic,
    observed: q,
    draw: (stream) => {
      const plane = planeOf(pca(untrainedRows(rows.rows, rows.cols, stream), { components: 3 }).scores);
      return helixStatistic(plane.second, plane.third, t).q;
    },
    rounds,
    random: random.fork("untrained", name),
    reference: untrainedReference,
    cost: { each },
    task: task.part(0.5, 0.7),
  });
  const others = planes.filter((_, k) => k !== shown);
  const closeness = (plane: Plane) => median(others.map((other) => circleAgreement(plane, other, t)));
  const where = rangeText(name, tokens);
  const words = { statistic, cost: `${rounds} draws, each ${each}` };
  const pairs = planes.flatMap((a, i) => planes.slice(i + 1).map((b) => circleAgreement(a, b, t)));
  const measure = "|complex correlation| of the circles, whatever their phase and direction";
  const claim = tokenConcept({
    id: `helix.${name}`,
    title: `Helix of the ${name} embeddings`,
    statement: `The embeddings of ${where} run ${own.fit.turns.toFixed(2)} times round a circle in their second and third principal component (q = ${q.toFixed(3)}).`,
    about: study.about,
    table: name,
    tokens,
    values: detrended(planes[shown]!.second, t),
  });
  return {
    claim,
    card: {
      null: [
        nullTest(q, test.walk.values, {
          ...words,
          name: "random walk",
          reference: "Antognini & Sohl-Dickstein, NeurIPS 2018",
        }),
        nullTest(q, test.smooth.values, {
          ...words,
          name: "smooth paths",
          reference: "Shinn, PNAS 120 (2023) e2311420120",
        }),
        untrained.test,
      ],
      baselines: [
        ...(others.length > 0
          ? [shuffled(planes[shown]!, closeness, measure, random.fork("shuffled", name))]
          : []),
        polynomial("straight line in the token", 1, own.components.scores, t, own.fit.r2),
        polynomial("cubic in the token", 3, own.components.scores, t, own.fit.r2),
      ],
      stability:
        pairs.length > 0
          ? [stabilityFrom(pairs, { over: `${networks.length} networks`, measure })]
          : notRun("One network was trained; at least two are needed."),
      faithfulness: [
        await ablateHelix(
          networks[shown]!,
          options.probe,
          { name, part: "circle", controls, ...(window && { window }) },
          { task: task.part(0.7, 1), random },
        ),
      ],
      truth: notRun(
        "No theory says how tokens should lie; that other networks lie on such a helix is no truth of nature.",
      ),
      outOfDistribution: agreementHeldOut({
        ...{ name, networks, shown, measure, without: options.without },
        ...(window && { range: window }),
        agreement: (a, b, left) => {
          const [one, other] = [a, b].map((table) => planeAt(fitTableHelix(table, window), left));
          return circleAgreement(one!, other!, left);
        },
      }),
      multiplicity: study.multiplicity,
      leakage: study.leakage,
    },
  };
}

function planeOf(scores: Matrix): Plane {
  return { second: columnOf(scores, 1), third: columnOf(scores, 2) };
}

/** The plane of a fitted table at some of its tokens. */
function planeAt({ window, components }: FittedHelix, tokens: readonly number[]): Plane {
  const { second, third } = planeOf(components.scores);
  const at = new Map(window.tokens.map((token, i) => [token, i]));
  const pick = (column: ArrayLike<number>) => tokens.map((token) => column[at.get(token)!]!);
  return { second: pick(second), third: pick(third) };
}

/** The agreement that the same curve with its tokens dealt out anew has with the other networks' circles. */
function shuffled(
  own: Plane,
  closeness: (plane: Plane) => number,
  measure: string,
  random: Random,
): Baseline {
  const scores = Array.from({ length: draws }, (_, b) => {
    const order = permuted(
      Array.from({ length: own.second.length }, (_, i) => i),
      random.fork(b),
    );
    const pick = (column: ArrayLike<number>) => order.map((i) => column[i]!);
    return closeness({ second: pick(own.second), third: pick(own.third) });
  });
  return {
    name: "the same points in random order",
    role: "random claim",
    measure: `${measure}, with the other networks (median)`,
    unit: "",
    better: "higher",
    own: closeness(own),
    score: quantile(scores, 0.95),
    draws,
  };
}

/** How much of the scores a polynomial describes, beside the helix: 1 − Σ residual²/Σ (score − mean)². */
function polynomial(
  name: string,
  degree: number,
  scores: Matrix,
  t: Float64Array,
  helixR2: number,
): Baseline {
  const powers = Array.from({ length: degree }, (_, k) => t.map((value) => value ** (k + 1)));
  const basis = trendBasis(t.length, powers);
  const square = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);
  let [left, total] = [0, 0];
  for (let c = 0; c < scores.cols; c++) {
    const column = columnOf(scores, c);
    left += square(withoutTrends(column, basis));
    total += square(withoutTrends(column, basis.slice(0, 1)));
  }
  return {
    name,
    role: "classical",
    measure: "share of the first three components' variance described",
    unit: "",
    better: "higher",
    own: helixR2,
    score: 1 - left / total,
    draws: 1,
  };
}
