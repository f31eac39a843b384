import { notRun } from "../../claims/card.ts";
import { stabilityOf } from "../../claims/evidence/stability.ts";
import type { ClaimWithCard } from "../../claims/report-claims.ts";
import { defaults } from "../../core/params.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { note } from "../../lenses/diagnostic.ts";
import { aggregate } from "../../lenses/embedding/aggregate.ts";
import { analyseFeatures, type FeatureAnalysis } from "../../lenses/features/analyse.ts";
import { decompose } from "../../lenses/features/decompose.ts";
import { featureFindings } from "../../lenses/features/findings.ts";
import { featuresLens } from "../../lenses/features/lens.ts";
import { matchClaim, matchConcept } from "../../lenses/features/match-claim.ts";
import { type MatchHeldOut, matchesHeldOut } from "../../lenses/features/match-held-out.ts";
import type { FeatureSubject } from "../../lenses/features/subject.ts";
import type { TokenPredictor } from "../../models/token-predictor.ts";
import type { TokenRegressor } from "../../models/token-regressor.ts";
import type { TrainedTokenRegressor } from "../../models/train-token-regressor.ts";
import type { Section } from "../contract.ts";
import { middleOf } from "./claim-statistics.ts";
import type { NuclearData } from "./data.ts";
import { type Evaluation, medianNetwork } from "./evaluate.ts";
import { featureSubject } from "./feature-subject.ts";
import { claimedTerms, componentsOf } from "./match-strengths.ts";
import type { NuclearOptions } from "./params.ts";
import type { RestrictedNetwork } from "./restricted.ts";
import { studyEvidence } from "./study-evidence.ts";

/** Fewest draws of a null model that the features lens takes. */
const fewestDraws = featuresLens.params.nulls.min;

interface Look {
  subject: FeatureSubject;
  analysis: FeatureAnalysis;
}

/** What the audit of the networks needs. */
export interface AuditInput {
  data: NuclearData;
  model: TokenRegressor;
  networks: readonly TrainedTokenRegressor[];
  evaluation: Evaluation;
  predictor: TokenPredictor;
  study: NuclearOptions;
  references: readonly { label: string; value: number }[];
  /** Networks that never saw the extreme fifths of a parameter. */
  restricted: readonly RestrictedNetwork[];
}

/**
 * The part of the report on the last layer: the features lens on every network. Metrics are medians over the networks
 * with each network's beside them; figures are of the network whose held-out error is the median one, claims of the one
 * whose match is.
 */
export async function featureSection(
  input: AuditInput,
  { task, random }: { task: Task; random: Random },
): Promise<{ section: Section; claims: ClaimWithCard[]; heldOut: MatchHeldOut[] }> {
  const { networks, evaluation, study } = input;
  const judged = Int32Array.from([...evaluation.training, ...evaluation.validation]).sort();
  const looks: Look[] = [];
  for (const [k, network] of networks.entries()) {
    const part = task.part(k / networks.length, (k + 1) / networks.length, `last layer of network ${k}`);
    const subject = await featureSubject({ ...input, network, judged });
    const options = {
      ...defaults(featuresLens.params),
      nulls: Math.max(fewestDraws, study.nulls),
    };
    const analysis = await analyseFeatures(subject, options, {
      task: part,
      random: random.fork("features", k),
    });
    looks.push({ subject, analysis });
  }
  const found = looks.map(({ subject, analysis }) => featureFindings(subject, analysis));
  const shown = medianNetwork(evaluation);
  const of = found[shown]!;
  const heldOut = await matchesOutside(input, looks, judged);
  const metrics = aggregate(found.map(({ metrics: own }, seed) => ({ seed, metrics: own })));
  const fall = metrics["penultimate.fall3"]!;
  return {
    section: {
      title: "What the last layer holds",
      asked: featuresLens.question,
      ...of,
      metrics,
      diagnostics: [
        note(
          `Figures, tables and notes are of network ${shown}, whose held-out error is the median one; metrics are medians over ${networks.length} networks, each network's under its own name. Terms are compared on the ${judged.length} nuclei of training and validation together.`,
        ),
        ...of.diagnostics,
      ],
      summary: [
        `Over the first three components of the last layer the error falls ${fall.toPrecision(3)}-fold (median over ${networks.length} networks), ${fall >= 5 ? "at least" : "less than"} the fivefold of the paper's edge.`,
        ...of.summary.map((sentence) => `Network ${shown}: ${sentence}`),
      ],
    },
    claims: matchClaims(input, looks, heldOut, random),
    heldOut,
  };
}

function matchIn({ analysis }: Look, name: string): Look["analysis"]["terms"][number] {
  return analysis.terms.find(({ term }) => term.name === name)!;
}

/** The network that the claim on a term speaks of. */
function shownFor(looks: readonly Look[], name: string): number {
  return middleOf(looks.map((look) => Math.abs(matchIn(look, name).decisive.rho)));
}

/** The matches where the network that never saw the extreme fifths of A has not been; none where there is none. */
async function matchesOutside(
  input: AuditInput,
  looks: readonly Look[],
  judged: Int32Array,
): Promise<MatchHeldOut[]> {
  const found = input.restricted.find(({ parameter }) => parameter === "A");
  if (!found) return [];
  const { network, training, inside, below, above, low, high, heldOut } = found;
  const place = new Map(Array.from(judged, (row, sample) => [row, sample]));
  const samplesOf = (...rows: Int32Array[]) =>
    Int32Array.from(rows.flatMap((part) => Array.from(part, (row) => place.get(row) ?? -1)))
      .filter((sample) => sample >= 0)
      .sort();
  const samples = samplesOf(training, inside, below, above);
  const subject = await featureSubject({
    ...input,
    network,
    judged: samples.map((sample) => judged[sample]!),
  });
  return matchesHeldOut({
    terms: looks[0]!.subject.terms,
    claimed: claimedTerms,
    networks: looks.map((look) => ({
      contributions: look.analysis.decomposition.contributions,
      componentOf: (term) => matchIn(look, term).decisive.component,
    })),
    shownFor: (term) => shownFor(looks, term),
    without: {
      ...{ samples, heldOut, parameter: "A" },
      contributions: decompose(subject, componentsOf(subject)).contributions,
      inside: samplesOf(training, inside),
      ends: [
        { name: `A below ${low}`, samples: samplesOf(below) },
        { name: `A above ${high}`, samples: samplesOf(above) },
      ],
    },
  });
}

/** The matches as claims, each of the network with the median |ρ|, with stability over networks and the split's leak. */
function matchClaims(
  { data, study, networks }: AuditInput,
  looks: readonly Look[],
  heldOut: readonly MatchHeldOut[],
  random: Random,
): ClaimWithCard[] {
  return claimedTerms.map((name) => {
    const matchOf = (look: Look) => matchIn(look, name);
    const evidence = (k: number) => studyEvidence(data, study, { shown: k, chosenByHelix: false });
    const shown = shownFor(looks, name);
    const own = looks[shown]!;
    const { about, leakage } = evidence(shown);
    const { claim, card } = matchClaim(own.subject, matchOf(own), about, random.fork("claims", name));
    const versions = looks.map((look, k) => matchConcept(look.subject, matchOf(look), evidence(k).about));
    return {
      claim,
      card: {
        ...card,
        leakage,
        outOfDistribution:
          heldOut.find(({ term }) => term === name)?.entry ??
          notRun("No network was trained where a part of the nuclei was held out."),
        stability:
          networks.length > 1
            ? [stabilityOf(versions, `${networks.length} networks`)]
            : notRun("One network was trained; at least two are needed."),
      },
    };
  });
}
