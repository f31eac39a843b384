import type { Random } from "../../core/random.ts";
import { takeRows } from "../../linalg/rows.ts";
import { classifierLandscape } from "../../models/classifier/landscape.ts";
import type { ClassifierProblem } from "../../models/classifier/problem.ts";
import { basinHopping } from "../../optim/landscape/basin-hopping.ts";
import { connectPair } from "../../optim/landscape/connect-pair.ts";
import {
  addMinimum,
  addTriple,
  emptyNetwork,
  type Network,
  recordSightings,
} from "../../optim/landscape/network.ts";
import { runSearch } from "../../optim/landscape/search.ts";
import { labelled } from "../../physics/classification/labelled-data.ts";
import { mullerBrown } from "../../physics/surfaces/muller-brown.ts";
import { surfaceLandscape } from "../../physics/surfaces/surface.ts";
import type { ConformanceCase } from "../conformance.ts";
import type { nature } from "./about.ts";
import { landscapeLens } from "./lens.ts";
import { classifierSource, type LandscapeSubject } from "./subject.ts";

const trainingRows = 80;

/** A small network explored in this thread: four walkers, and bands from the lowest minimum. */
export function smallNetwork(problem: ClassifierProblem, stream: Random): Network {
  const landscape = classifierLandscape(problem);
  const network = emptyNetwork(landscape);
  for (const walker of ["a", "b", "c", "d"]) {
    const hops = basinHopping(landscape, stream.fork(walker), { steps: 10, step: 1.5, temperature: 0.1 });
    network.walkers.push(walker);
    for (const { point, hits } of runSearch(landscape, hops).minima) {
      recordSightings(network, addMinimum(network, landscape, point), walker, hits);
    }
  }
  for (let other = 1; other < Math.min(4, network.minima.length); other++) {
    const [from, to] = [network.minima[0]!.x, network.minima[other]!.x];
    const { triples } = runSearch(landscape, connectPair(landscape, from, to, { density: 2 }));
    for (const triple of triples) addTriple(network, landscape, triple);
  }
  return network;
}

/** The sign of x₀x₁ beside two features of noise, learned by four hidden units; or the same with labels of chance. */
export function plantedSubject(stream: Random, labels: "rule" | "chance"): LandscapeSubject {
  const draw = stream.fork("data");
  const data = labelled(
    { name: "planted", rows: 2 * trainingRows, classes: ["no", "yes"], names: ["a", "b", "c", "d"] },
    () => {
      const x = Float64Array.from({ length: 4 }, () => draw.normal());
      const chance = draw.int(2);
      return { x, label: labels === "chance" ? chance : x[0]! * x[1]! > 0 ? 1 : 0 };
    },
  );
  const rows = (from: number) => Int32Array.from({ length: trainingRows }, (_, i) => from + i);
  const part = (from: number) => ({
    features: takeRows(data.features, rows(from)),
    labels: data.labels.slice(from, from + trainingRows),
  });
  const train = part(0);
  const problem: ClassifierProblem = {
    name: "planted",
    shape: { inputs: 4, hidden: [4], classes: 2 },
    data: { features: train.features.data, labels: train.labels, rows: trainingRows },
    lambda: 1e-3,
  };
  return {
    ...{ id: "planted", title: "the planted rule", energy: { label: "regularised loss", unit: "" } },
    about: { model: "classifier 4-4-2", data: "planted", seeds: [1] },
    source: classifierSource(problem),
    network: smallNetwork(problem, stream.fork("network")),
    classifier: {
      ...{ problem, names: data.names, classes: data.classes, test: part(trainingRows) },
      relevant: [0, 1],
    },
  };
}

function bent(change: (good: LandscapeSubject) => LandscapeSubject) {
  return (stream: Random) => change(plantedSubject(stream, "rule"));
}

function bentProblem(change: (problem: ClassifierProblem) => ClassifierProblem) {
  return bent((good) => {
    const problem = change(good.classifier!.problem);
    return { ...good, source: classifierSource(problem), classifier: { ...good.classifier!, problem } };
  });
}

/** Tries the landscape lens on a planted rule, on labels of chance beside it, and on every kind of bad input. */
export const landscapeCase: ConformanceCase<LandscapeSubject, typeof nature.params> = {
  lens: landscapeLens,
  options: {
    ...{ grouping: "all", least: 3, conserved: 4, shuffles: 40, randomSets: 10, bootstraps: 20 },
    ...{ dataResamples: 2, groupDraws: 5, attributionRows: 20, repeats: 4, weightNulls: 19 },
  },
  planted: (stream) => plantedSubject(stream, "rule"),
  control: (stream) => plantedSubject(stream, "chance"),
  claims: ({ metrics }) => metrics["planted.feature_recall"] === 1 && metrics["planted.auc.base"]! > 0.8,
  bad: [
    {
      what: "an id with a space",
      subject: bent((good) => ({ ...good, id: "a b" })),
      message: /id 'a b'; expected letters/,
    },
    {
      what: "a network of another landscape",
      subject: bent((good) => ({ ...good, network: { ...good.network!, landscape: "LJ7" } })),
      message: /the network is of LJ7/,
    },
    {
      what: "a network without minima",
      subject: bent((good) => ({
        ...good,
        network: emptyNetwork({ ...surfaceLandscape(mullerBrown), name: "planted", n: good.network!.n }),
      })),
      message: /no minima; explore first/,
    },
    {
      what: "too few names",
      subject: bent((good) => ({ ...good, classifier: { ...good.classifier!, names: ["a"] } })),
      message: /1 names for 4 features/,
    },
    {
      what: "a relevant feature that is not there",
      subject: bent((good) => ({ ...good, classifier: { ...good.classifier!, relevant: [4] } })),
      message: /relevant feature 4; expected a whole number from 0 to 3/,
    },
    {
      what: "a test row with NaN",
      subject: bent((good) => {
        good.classifier!.test.features.data[5] = Number.NaN;
        return good;
      }),
      message: /feature b of test row 1 is NaN/,
    },
    {
      what: "test rows of one class",
      subject: bent((good) => {
        good.classifier!.test.labels.fill(1);
        return good;
      }),
      message: /80 rows of one class/,
    },
    {
      what: "a target with one class",
      subject: bentProblem((problem) => ({
        ...problem,
        data: { ...problem.data, labels: new Int32Array(trainingRows) },
      })),
      message: /every one of 80 rows is of class 0/,
    },
    {
      what: "a loss with a flat direction",
      subject: (stream) => {
        const { network: _, ...good } = bentProblem((problem) => ({ ...problem, regulariseBiases: false }))(
          stream,
        );
        return good;
      },
      options: { walkers: 2, steps: 1 },
      message: /none of 4 quenches.*flat.*add regularisation/,
    },
    {
      what: "a superbasin without a height in reach",
      options: { grouping: "persistence", cut: 50 },
      message: /persistence cut 50/,
    },
    {
      what: "an unknown grouping",
      options: { grouping: "mine" },
      message: /'grouping': expected one of primary/,
    },
    {
      what: "a mode size that is none",
      subject: bent(({ network: _, ...good }) => good),
      options: { modeSizes: "0.1,far" },
      message: /'modeSizes': 'far'; expected numbers above 0/,
    },
    { what: "an unknown option", options: { walker: 3 }, message: /unknown option 'walker'.*walkers/ },
  ],
};
