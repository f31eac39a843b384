import type { EvidenceCard, NullTest } from "../../claims/card.ts";
import { notRun } from "../../claims/card.ts";
import { againstTruth, classicalBaseline, randomBaseline } from "../../claims/evidence/baselines.ts";
import { stabilityOf } from "../../claims/evidence/stability.ts";
import { permuted } from "../../claims/nulls/permuted.ts";
import { runNull } from "../../claims/nulls/run-null.ts";
import type { ClaimWithCard } from "../../claims/report-claims.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { pca } from "../../linalg/pca.ts";
import { columnOf, takeRows } from "../../linalg/rows.ts";
import { spearman } from "../../stats/correlation.ts";
import { ablateTokenComponent } from "./component-ablation.ts";
import { agreementHeldOut, type HeldOutNetwork } from "./held-out.ts";
import type { StudyEvidence } from "./helix-claim.ts";
import { type PerturbationProbe, type TrainedTokens, trainedTokens } from "./subject.ts";
import type { TablePair } from "./table-pair.ts";
import { tokenConcept } from "./token-concept.ts";
import { untrainedReference, untrainedRows } from "./untrained.ts";

const randomClaims = 99;
const controls = 19;

/** A structure that one component of a table may show, and what is known of it. */
export interface ComponentStructure {
  /** "ordering": the claim's id is `ordering.N`. */
  name: "ordering" | "parity";
  title: string;
  /** Components among which the one that shows it best is chosen, anew in every null draw. */
  among: number;
  /** How well a score column shows it; larger is more. */
  strength(scores: Float64Array, tokens: readonly number[]): number;
  /** What `strength` is, in words. */
  statistic: string;
  /** The claim in a sentence, given the component (from 1) and its strength. */
  says(component: number, strength: number): string;
  /** What the tokens should show, and the agreement from which that counts as found. */
  truth: { values(tokens: readonly number[]): number[]; words: string; threshold: number };
  /** The cheapest other way to the same field: one value a token. */
  classical: { name: string; values(tokens: readonly number[]): number[] };
}

/** The component that shows a structure best. */
export function strongestComponent(
  scores: Matrix,
  tokens: readonly number[],
  { strength }: Pick<ComponentStructure, "strength">,
): { component: number; strength: number } {
  const of = Array.from({ length: scores.cols }, (_, c) => strength(columnOf(scores, c), tokens));
  const component = of.reduce((best, value, c) => (value > of[best]! ? c : best), 0);
  return { component, strength: of[component]! };
}

/**
 * The claim that a principal component of one table shows a known structure of its tokens: its scores, in standard
 * deviations, as a concept over all trained tokens. Its card: the strength against permuted tokens and untrained
 * embeddings; agreement with the known structure beside random claims and the cheapest classical field; agreement over
 * networks, each with its own best component; the component taken out of the table.
 */
export async function componentClaim(
  options: {
    table: "Z" | "N";
    structure: ComponentStructure;
    networks: readonly TablePair[];
    shown: number;
    probe: PerturbationProbe;
    rounds: number;
    study: StudyEvidence;
    /** A network trained where a part of the data was held out. */
    without?: HeldOutNetwork | undefined;
  },
  { task, random }: { task: Task; random: Random },
): Promise<ClaimWithCard> {
  const { table, structure, networks, shown, rounds, study } = options;
  const looks = networks.map((pair) => lookAt(trainedTokens(pair[table]), structure));
  const { tokens, rows, scores, best } = looks[shown]!;
  const own = best.strength;
  const concept = (values: ArrayLike<number>) =>
    tokenConcept({
      id: `${structure.name}.${table}`,
      title: structure.title,
      statement: structure.says(best.component + 1, own),
      about: study.about,
      table,
      tokens,
      values,
    });
  const versions = looks.map((look) => concept(columnOf(look.scores, look.best.component)));
  const claim = versions[shown]!;
  const truth = concept(structure.truth.values(tokens));
  const stream = random.fork(structure.name, table);
  const nulls: NullTest[] = [];
  const add = async (name: string, draw: (own: Random) => Matrix, reference: string, each: string) => {
    const { test } = await runNull({
      name,
      statistic: structure.statistic,
      observed: own,
      draw: (drawn) => strongestComponent(draw(drawn), tokens, structure).strength,
      rounds,
      random: stream,
      reference,
      cost: { each },
      task: task.part(0, 0.7),
    });
    nulls.push(test);
  };
  const places = tokens.map((_, i) => i);
  await add(
    "permuted tokens",
    (drawn) => takeRows(scores, permuted(places, drawn)),
    "Ojala & Garriga, J. Mach. Learn. Res. 11 (2010) 1833",
    "one shuffle of the tokens",
  );
  await add(
    "untrained embeddings",
    (drawn) => pca(untrainedRows(rows.rows, rows.cols, drawn), { components: scores.cols }).scores,
    untrainedReference,
    `one principal component analysis of ${rows.rows} × ${rows.cols}`,
  );
  const card: EvidenceCard = {
    null: nulls,
    baselines: [
      randomBaseline(claim, truth, {
        against: structure.truth.words,
        rounds: randomClaims,
        random: stream.fork("random claims"),
      }),
      classicalBaseline(claim, concept(structure.classical.values(tokens)), truth, {
        name: structure.classical.name,
        against: structure.truth.words,
      }),
    ],
    stability:
      versions.length > 1
        ? [stabilityOf(versions, `${versions.length} networks`)]
        : notRun("One network was trained; at least two are needed."),
    faithfulness: [
      await ablateTokenComponent(
        networks[shown]!,
        options.probe,
        { name: table, component: best.component, controls },
        { task: task.part(0.7, 1), random: stream },
      ),
    ],
    truth: [
      againstTruth(claim, truth, { truth: structure.truth.words, threshold: structure.truth.threshold }),
    ],
    outOfDistribution: agreementHeldOut({
      ...{ name: table, networks, shown, without: options.without },
      measure: "rank correlation of the component",
      agreement: (a, b, left) => {
        const [one, other] = [a, b].map((of) => {
          const look = lookAt(trainedTokens(of), structure);
          const column = columnOf(look.scores, look.best.component);
          return left.map((token) => column[look.tokens.indexOf(token)]!);
        });
        return Math.abs(spearman(one!, other!));
      },
    }),
    multiplicity: study.multiplicity,
    leakage: study.leakage,
  };
  return { claim, card };
}

function lookAt(trained: TrainedTokens, structure: ComponentStructure) {
  const { tokens, rows } = trained;
  const most = Math.min(structure.among, rows.cols, rows.rows - 1);
  const { scores } = pca(rows, { components: most });
  return {
    tokens,
    rows,
    scores: matrix(scores.rows, scores.cols, scores.data),
    best: strongestComponent(scores, tokens, structure),
  };
}
