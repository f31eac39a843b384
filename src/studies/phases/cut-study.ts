import type { ClaimWithCard } from "../../claims/report-claims.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import type { Provenance } from "../../data/table.ts";
import { groupsOf } from "../../lenses/curvature/analyse.ts";
import { note } from "../../lenses/diagnostic.ts";
import { chainNet } from "../../models/sequential/chain-net.ts";
import { geomspace, linspace } from "../../physics/chain/grids.ts";
import { type PhasePlane, phasePlane } from "../../physics/chain/plane.ts";
import type { Section, StudyContext } from "../contract.ts";
import { predictAlong } from "./boundary.ts";
import { type PhasesData, phasesData, testSetOf } from "./data.ts";
import { diagramFigure } from "./figure-diagram.ts";
import { hiddenPhaseFindings } from "./hidden-phases.ts";
import { type Look, lensOptions, lookAt, withSeeds, withShuffledLabels } from "./look.ts";
import { type NetworkJob, type NetworkRecipe, objectiveOf, type TrainedNetwork } from "./network-job.ts";
import { demandTrained, networkFromFile, networkJob, recipeFor, trainNetworks } from "./networks.ts";
import type { PhasesOptions } from "./params.ts";
import { dataSection } from "./report-data.ts";
import { type MainNetwork, networkSection } from "./report-networks.ts";
import { type ShuffledLabels, shuffledLabels } from "./shuffled-labels.ts";
import { phasesSubject } from "./subject.ts";

/** What the study does along one cut. */
export interface CutStudy {
  data: PhasesData;
  recipe: NetworkRecipe;
  networks: MainNetwork[];
  look: Look;
  shuffled: ShuffledLabels[];
  sections: Section[];
  claims: ClaimWithCard[];
  /** The other networks that were trained along, in the order of the jobs given. */
  others: TrainedNetwork[];
}

/** What is asked beside the cut itself. */
export interface CutTools {
  context: Pick<StudyContext, "checkpoints" | "threads">;
  task: Task;
  random: Random;
  provenance: Provenance[];
  /** Prefix of metrics, figures and claims. */
  id: string;
  /** More networks to train at the same time, made once the data are there. */
  also?: (data: PhasesData, task: Task) => Promise<NetworkJob[]>;
}

/** The data, the networks and the three answers along one cut. */
export async function cutStudy(
  cut: PhasesOptions["cut"],
  options: PhasesOptions,
  tools: CutTools,
): Promise<CutStudy> {
  const { context, task, random, provenance, id } = tools;
  const { threads } = context;
  const data = await phasesData(cut, options, { task: task.part(0, 0.06), random, threads });
  const recipe = recipeFor(data.train, data.classes.length, options);
  const given = options.weights !== "";
  const seedOf = (k: number) => random.fork("network", k).int(2 ** 31);
  const own = given
    ? []
    : Array.from({ length: options.seeds }, (_, k) =>
        networkJob(recipe, { name: `${id} ${k}`, seed: seedOf(k) }, options, context),
      );
  const more = (await tools.also?.(data, task.part(0.06, 0.1))) ?? [];
  const jobs = [...own, ...more];
  const trained = await trainNetworks(jobs, { threads, task: task.part(0.1, 0.45, "training") });
  const main = given
    ? [await networkFromFile(options.weights, recipe, provenance)]
    : trained.slice(0, own.length);
  if (!given) for (const network of main) demandTrained(network, options.recipe);
  const objective = objectiveOf(recipe, { threads: options.operationThreads });
  const networks: MainNetwork[] = [];
  for (const network of main) {
    const say = (set: typeof data.train) => predictAlong(objective, network.parameters, set);
    networks.push({
      network,
      train: await say(data.train),
      even: await say(data.even),
      scan: await say(data.scan),
    });
  }
  const subjectOf = (network: TrainedNetwork) =>
    phasesSubject({
      id,
      title: `${given ? "the given network" : options.recipe === "shipped" ? "the published net" : "the smooth net"}${id === "net" ? "" : ` (${data.cut.name})`}`,
      data,
      train: data.train,
      network,
      objective,
      tests: [testSetOf(data.even, data.axis), testSetOf(data.mixed, data.axis)],
    });
  const look = await lookAt(subjectOf(main[0]!), recipe, lensOptions(options), {
    task: task.part(0.45, 0.7),
    random: random.fork("lens"),
    threads,
    title: `Three answers of the network trained on the whole cut (${data.cut.name})`,
  });
  const others: ClaimWithCard[][] = [];
  for (const [k, network] of main.slice(1).entries()) {
    const part = task.part(0.7 + (0.1 * k) / main.length, 0.7 + (0.1 * (k + 1)) / main.length);
    const plain = { ...lensOptions(options), leaveOut: 0, bootstraps: 0 };
    const one = await lookAt(subjectOf(network), recipe, plain, {
      task: part,
      random: random.fork("lens", k + 1),
      threads,
      title: network.name,
    });
    others.push(one.section.claims ?? []);
  }
  const plane = await planeOf(data, threads, task.part(0.8, 0.84));
  if (plane) look.section.figures.push(diagramFigure(data, plane, look.analysis.answers[0]!));
  const shuffled =
    options.shuffles > 0 && !given && options.recipe === "minimum"
      ? await shuffledLabels(data, groupsOf(look.analysis.answers[0]!), options, {
          ...context,
          task: task.part(0.84, 1, "shuffled labels"),
          random: random.fork("shuffles"),
        })
      : [];
  if (shuffled.length > 0) {
    const { silent, values } = shuffled[0]!;
    look.section.metrics[`${id}.shuffled.silent`] = silent;
    if (silent > 0) {
      look.section.diagnostics.push(
        note(
          `${silent} of ${values.length} networks on shuffled labels learned nothing: the ridge leaves them the same probabilities for every state, and which states help them most is drawn. For those the null says no more than that random states lie farther from the boundary.`,
        ),
      );
    }
  }
  for (const { group, test } of shuffled) {
    look.section.metrics[`${id}.shuffled.${group.replace(/[^A-Za-z0-9]/g, "")}.p`] = test.p;
  }
  if (cut === "hidden" || cut === "three") hiddenPhaseFindings(data, look, id, random.fork("hidden"));
  const claims = withSeeds(
    withShuffledLabels(look.section.claims ?? [], shuffled, {
      subject: { id },
      set: look.analysis.answers[0]!.set,
    }),
    others,
  );
  const { model } = { model: chainNet(recipe).name };
  return {
    data,
    recipe,
    networks,
    look,
    shuffled,
    sections: [dataSection(data), networkSection(data, networks, model), look.section],
    claims,
    others: trained.slice(own.length),
  };
}

/** The phase diagram about a cut; none for a ring that CDW-II does not fit. */
async function planeOf(data: PhasesData, threads: number, task: Task): Promise<PhasePlane | undefined> {
  const { L } = data.train.set;
  if (L % 4 !== 0) return undefined;
  const most = data.cut.grid.at(-1)![1];
  const along = [0, ...geomspace(0.2, most, 21)];
  const across = [0, ...linspace(0.25, 2, 8), ...geomspace(2.5, 10, 5)];
  const [V1, V2] = data.cut.control === "V1" ? [along, across] : [across, along];
  return phasePlane({ L, V1, V2, threads, task });
}
