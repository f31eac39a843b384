import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { neighbourGraph } from "../../physics/fluids/graph.ts";
import type { RelevanceAnalysis } from "./analysis.ts";
import { angleClaim } from "./claims/angle-claim.ts";
import { orderClaim } from "./claims/order-claim.ts";
import { pairClaim } from "./claims/pair-claim.ts";
import { angleInversion, boltzmannInversion, pairForceMatch } from "./classical.ts";
import { curveCorrelation } from "./curves.ts";
import { cutCorners, cutPairs } from "./cuts.ts";
import { type LookAtFrames, oneByOne } from "./frame-job.ts";
import { lookAtGradients } from "./gradients-look.ts";
import { evenly, type Grids, lookAtNetwork, type NetworkLook } from "./network-look.ts";
import { gammasOf, type RelevanceOptions, rulesOf } from "./options.ts";
import { randomisedWeights } from "./randomised.ts";
import { checkSubject, configurationOf, type RelevanceSubject } from "./subject.ts";

/** Frames that networks beside the main one are looked at on. */
const beside = 2;
/** Random sets cut as controls. */
const controls = { pairs: 19, corners: 5 } as const;

/**
 * Looks at the network, at its like (other seeds, networks of pairs alone, random weights, other rules, another state)
 * and fills the claims. @param tools.lookAtFrames how frames are done: one after another here, or in worker threads.
 * @throws UserError for a subject that cannot be looked at; Cancelled.
 */
export async function analyseRelevance(
  subject: RelevanceSubject,
  options: RelevanceOptions,
  context: { task: Task; random: Random },
  tools: { lookAtFrames?: LookAtFrames } = {},
): Promise<RelevanceAnalysis> {
  const { task, random } = context;
  task.check();
  const rules = rulesOf(options);
  const gammas = gammasOf(options);
  const prepared = checkSubject(subject);
  const { network, kinds } = prepared;
  const { frames, law } = subject;
  const shell = options.shell > 0 ? options.shell : Math.min(network.cutoff, law?.field.cutoff ?? 1e9);
  const numbers = evenly(frames.frames, options.frames);
  const few = evenly(frames.frames, Math.min(beside, numbers.length));
  const grids = gridsOf(subject, numbers, network.cutoff, options);
  const shared = {
    shell,
    grids,
    rounds: options.bootstraps,
    lookAtFrames: tools.lookAtFrames ?? oneByOne,
    ...(law ? { law: law.field } : {}),
  };
  const quick = { ...shared, orders: 3, inContext: 0, relevanceOnly: true };
  task.report(0, `${subject.title}: relevance and exact expansion`);
  const main = await lookAtNetwork(subject, frames, numbers, {
    ...shared,
    rules,
    orders: options.orders,
    branching: options.branching && options.mode !== "published",
    inContext: options.inContext,
    random: random.fork("main"),
    task: task.part(0, 0.45),
  });
  const others: RelevanceAnalysis["others"] = [];
  for (const [k, other] of (subject.others ?? []).entries()) {
    const part = partOf(task, 0.45, 0.55, k, subject.others!.length);
    const source = { ...subject, weights: other.weights };
    const how = { ...shared, rules, orders: 3, inContext: 0, random: random.fork("seed", other.seed) };
    others.push({
      seed: other.seed,
      look: await lookAtNetwork(source, frames, few, { ...how, task: part }),
    });
  }
  const pairwise: NetworkLook[] = [];
  for (const [k, one] of (subject.pairwise?.networks ?? []).entries()) {
    const { law: _, ...how } = quick;
    const part = partOf(task, 0.55, 0.6, k, subject.pairwise!.networks.length);
    pairwise.push(
      await lookAtNetwork(one, one.frames, evenly(one.frames.frames, beside), {
        ...how,
        rules,
        random: random.fork("pairwise", k),
        task: part,
      }),
    );
  }
  const elsewhere =
    subject.elsewhere &&
    (await lookAtNetwork(subject, subject.elsewhere.frames, evenly(subject.elsewhere.frames.frames, beside), {
      ...quick,
      rules,
      random: random.fork("elsewhere"),
      task: task.part(0.6, 0.63),
    }));
  const one = [numbers[0]!];
  const oneFrame = await lookAtNetwork(subject, frames, one, {
    ...quick,
    rules,
    random: random.fork("one frame"),
    task: task.part(0.63, 0.65),
  });
  const random_: NetworkLook[] = [];
  for (let b = 0; b < options.nulls; b++) {
    const part = partOf(task, 0.65, 0.83, b, options.nulls);
    part.report(0, `${subject.title}: random weights, ${b + 1} of ${options.nulls}`);
    const weights = randomisedWeights(subject.weights, random.fork("random weights", b));
    random_.push(
      await lookAtNetwork({ ...subject, weights }, frames, one, {
        ...quick,
        rules,
        random: random.fork("random look", b),
        task: part,
      }),
    );
  }
  const sensitivity: RelevanceAnalysis["sensitivity"] = [];
  for (const [k, gamma] of gammas.entries()) {
    const look = await lookAtNetwork(subject, frames, one, {
      ...quick,
      rules: rulesOf({ ...options, gamma }),
      random: random.fork("gamma", k),
      task: partOf(task, 0.83, 0.87, k, gammas.length),
    });
    sensitivity.push({
      gamma,
      pair: curveCorrelation(look.pair.relevance, oneFrame.pair.relevance).value,
      angle:
        look.angle && oneFrame.angle
          ? curveCorrelation(look.angle.relevance, oneFrame.angle.relevance).value
          : Number.NaN,
      look,
    });
  }
  const configuration = configurationOf(frames, numbers[0]!);
  const graph = neighbourGraph(configuration.positions, configuration.cell, network.cutoff);
  const first = main.terms[0]!;
  const cut = (name: keyof typeof controls, from: number, to: number) => ({
    count: name === "pairs" ? options.cuts : Math.max(1, Math.ceil(options.cuts / 3)),
    controls: controls[name],
    random: random.fork("cuts", name),
    task: task.part(from, to),
  });
  task.report(0.87, `${subject.title}: forces and pressure by order`);
  const gradients = await lookAtGradients(network, kinds, configuration, {
    number: numbers[0]!,
    beads: options.forceBeads,
    rules,
    ...(law ? { law: law.field } : {}),
    task: task.part(0.87, 0.91),
  });
  const pairs = await cutPairs(network, graph, kinds, first, cut("pairs", 0.91, 0.93));
  const corners = await cutCorners(network, graph, kinds, first, cut("corners", 0.93, 0.97));
  const volumes = numbers.map((f) => configurationOf(frames, f).cell.volume);
  const matched = frames.cells ? pairForceMatch(frames, numbers, grids.distance) : undefined;
  const { temperature } = subject;
  const analysis: RelevanceAnalysis = {
    prepared,
    shell,
    grids,
    main,
    others,
    pairwise,
    ...(elsewhere ? { elsewhere } : {}),
    random: random_,
    oneFrame,
    sensitivity,
    classical: {
      ...(temperature && frames.cells
        ? {
            boltzmann: boltzmannInversion(main.terms, volumes, grids.distance, temperature),
            angle: angleInversion(
              main.terms.map((term) => term.corners),
              grids.angle,
              temperature,
            ),
          }
        : {}),
      ...(matched ? { forceMatch: matched } : {}),
    },
    cuts: { pairs, ...(corners ? { corners } : {}) },
    gradients,
    claims: [],
  };
  task.report(0.97, "claims");
  const claimContext = { random: random.fork("claims"), options };
  analysis.claims.push(
    orderClaim(subject, analysis, claimContext),
    ...pairClaim(subject, analysis, claimContext),
    ...angleClaim(subject, analysis, claimContext),
  );
  task.report(1);
  return analysis;
}

function partOf(task: Task, from: number, to: number, k: number, of: number): Task {
  return task.part(from + ((to - from) * k) / of, from + ((to - from) * (k + 1)) / of);
}

/** Distance bins from the shortest distance of the frames to the network's cutoff; angle bins over all that occur. */
function gridsOf(
  { frames }: RelevanceSubject,
  numbers: readonly number[],
  cutoff: number,
  { bins, angleBins }: RelevanceOptions,
): Grids {
  let shortest = cutoff;
  for (const f of numbers) {
    const { positions, cell } = configurationOf(frames, f);
    for (const r of neighbourGraph(positions, cell, cutoff).distances) shortest = Math.min(shortest, r);
  }
  return {
    distance: Float64Array.from({ length: bins + 1 }, (_, k) => shortest + ((cutoff - shortest) * k) / bins),
    angle: Float64Array.from({ length: angleBins + 1 }, (_, k) => (180 * k) / angleBins),
  };
}
