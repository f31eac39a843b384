import { notRun } from "../../claims/card.ts";
import { stabilityOf } from "../../claims/evidence/stability.ts";
import type { ClaimWithCard } from "../../claims/report-claims.ts";
import { defaults } from "../../core/params.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { note } from "../../lenses/diagnostic.ts";
import { aggregate } from "../../lenses/embedding/aggregate.ts";
import { analyseFeatures, type FeatureAnalysis } from "../../lenses/features/analyse.ts";
import { featureFindings } from "../../lenses/features/findings.ts";
import { featuresLens } from "../../lenses/features/lens.ts";
import { matchClaim, matchConcept } from "../../lenses/features/match-claim.ts";
import type { FeatureSubject } from "../../lenses/features/subject.ts";
import type { TokenPredictor } from "../../models/token-predictor.ts";
import type { TokenRegressor } from "../../models/token-regressor.ts";
import type { TrainedTokenRegressor } from "../../models/train-token-regressor.ts";
import type { Section } from "../contract.ts";
import { middleOf } from "./claim-statistics.ts";
import type { NuclearData } from "./data.ts";
import { type Evaluation, medianNetwork } from "./evaluate.ts";
import { featureSubject } from "./feature-subject.ts";
import type { NuclearOptions } from "./params.ts";
import { studyEvidence } from "./study-evidence.ts";

/** The terms whose matches become claims. */
const claimed = ["volume", "pairing", "asymmetry", "shell"];
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
}

/**
 * The part of the report on the last layer: the features lens on every network. Metrics are medians over the networks
 * with each network's beside them; figures are of the network whose held-out error is the median one, claims of the one
 * whose match is.
 */
export async function featureSection(
  input: AuditInput,
  { task, random }: { task: Task; random: Random },
): Promise<{ section: Section; claims: ClaimWithCard[] }> {
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
    claims: matchClaims(input, looks, random),
  };
}

/** The matches as claims, each of the network with the median |ρ|, with stability over networks and the split's leak. */
function matchClaims(
  { data, study, networks }: AuditInput,
  looks: readonly Look[],
  random: Random,
): ClaimWithCard[] {
  return claimed.map((name) => {
    const matchOf = ({ analysis }: Look) => analysis.terms.find(({ term }) => term.name === name)!;
    const evidence = (k: number) => studyEvidence(data, study, { shown: k, chosenByHelix: false });
    const shown = middleOf(looks.map((look) => Math.abs(matchOf(look).decisive.rho)));
    const own = looks[shown]!;
    const { about, leakage } = evidence(shown);
    const { claim, card } = matchClaim(own.subject, matchOf(own), about, random.fork("claims", name));
    const versions = looks.map((look, k) => matchConcept(look.subject, matchOf(look), evidence(k).about));
    return {
      claim,
      card: {
        ...card,
        leakage,
        outOfDistribution: notRun(
          "Needs networks trained without the extreme fifths of A, which the study does not train.",
        ),
        stability:
          networks.length > 1
            ? [stabilityOf(versions, `${networks.length} networks`)]
            : notRun("One network was trained; at least two are needed."),
      },
    };
  });
}
