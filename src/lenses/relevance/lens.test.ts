import { describe, expect, test } from "vitest";
import { random } from "../../core/random.ts";
import { quietTask } from "../../core/task.ts";
import { selectFrames } from "../../data/configurations.ts";
import { graphNetwork, networkEnergy } from "../../models/potentials/potential.ts";
import { initialWeights } from "../../models/potentials/shapes.ts";
import { cell, cubicCell } from "../../physics/fluids/cell.ts";
import { fluidSet } from "../../physics/fluids/fluid-set.ts";
import { neighbourGraph } from "../../physics/fluids/graph.ts";
import { methane } from "../../physics/fluids/systems.ts";
import { pearson } from "../../stats/correlation.ts";
import { bodyOrder, orderShares } from "./claims/order-claim.ts";
import { boltzmannInversion, pairForceMatch } from "./classical.ts";
import { plantedSubject, randomFrames } from "./conformance-case.ts";
import { binnedCurve, curveCorrelation, frameCorrelation } from "./curves.ts";
import { withoutPairs } from "./cut-graph.ts";
import { frameTerms } from "./frame-terms.ts";
import { evenly } from "./network-look.ts";
import { rulesOf } from "./options.ts";
import { checkSubject, configurationOf } from "./subject.ts";
import { truthTerms } from "./truth-terms.ts";

const rules = rulesOf({ mode: "biases-counted", gamma: 0.1 });
const options = { rules, shell: 4, orders: 3, inContext: 3, branching: true, vacuum: true, offset: 0.4 };

describe("terms of a frame", () => {
  const subject = plantedSubject(random(3, "terms"), "pairs");
  const { network, kinds } = checkSubject(subject);
  const frame = configurationOf(subject.frames, 0);
  const terms = frameTerms(network, kinds, frame, options, quietTask);

  test("relevance and expansion both sum to the energy, by the network's own forward pass", async () => {
    const { relevanceTotals, vacuumTotals, certificate } = await terms;
    const graph = neighbourGraph(frame.positions, frame.cell, network.cutoff);
    const energy = networkEnergy(network, graph, kinds);
    const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
    expect(sum(vacuumTotals)).toBeCloseTo(energy, 10);
    expect(sum(relevanceTotals) + certificate.constant).toBeCloseTo(energy, 10);
    expect(Math.abs(certificate.defect)).toBeLessThan(1e-10 * Math.abs(energy));
  });

  test("the law's terms sum to what the law says of the whole frame", async () => {
    const truth = truthTerms(subject.law!.field, frame, await terms);
    expect(truth.pairs.reduce((a, b) => a + b, 0)).toBeCloseTo(truth.totals.pairs, 10);
    expect(truth.triplets.every((v) => v === 0)).toBe(true);
    const { pairs } = await terms;
    // The planted law is the network's own dimer: exact pair terms are the law's, by another way to compute them.
    pairs.vacuum.forEach((v, k) => {
      expect(v).toBeCloseTo(truth.pairs[k]!, 9);
    });
  });

  test("corners are counted by hand, with angles from the law of cosines", async () => {
    const { corners, triplets } = await terms;
    const graph = neighbourGraph(frame.positions, frame.cell, network.cutoff);
    const degree = Array.from({ length: graph.beads }, (_, i) => graph.starts[i + 1]! - graph.starts[i]!);
    expect(corners.triplet.length).toBe(degree.reduce((sum, n) => sum + (n * (n - 1)) / 2, 0));
    expect(Math.max(...corners.triplet)).toBeLessThan(triplets.relevance.length);
    expect(corners.angle.every((angle) => angle > 0 && angle <= 180)).toBe(true);
  });
});

describe("curves over frames", () => {
  const frames = Array.from({ length: 12 }, (_, f) => {
    const stream = random(f, "curve");
    const x = Array.from({ length: 200 }, () => stream.uniform());
    const shift = 0.2 * stream.normal();
    return { x, y: x.map((v) => 2 * v + shift + 0.3 * stream.normal()) };
  });
  const boot = () => ({ rounds: 400, random: random(1, "bootstrap") });
  const edges = Float64Array.from({ length: 6 }, (_, k) => k / 5);

  test("bin means are those of a plain loop, in whatever order the frames come", () => {
    const curve = binnedCurve(frames, edges, boot());
    const turned = binnedCurve([...frames].reverse(), edges, boot());
    curve.at.forEach((at, k) => {
      const inside = frames.flatMap(({ x, y }) => y.filter((_, i) => Math.abs(x[i]! - at) <= 0.1));
      expect(curve.value[k]).toBeCloseTo(inside.reduce((a, b) => a + b, 0) / inside.length, 12);
      expect(turned.value[k]).toBeCloseTo(curve.value[k]!, 12);
    });
  });

  test("errors are those between frames, not between points: a shift of whole frames shows", () => {
    const { error } = binnedCurve(frames, edges, boot());
    // 0.2 between frames over √12, and 0.3 within over √480.
    for (const e of error) expect(e).toBeGreaterThan(0.03);
    for (const e of error) expect(e).toBeLessThan(0.1);
    expect(Number.isNaN(binnedCurve(frames.slice(0, 1), edges, boot()).error[0])).toBe(true);
  });

  test("correlation and slope over all frames are Pearson's and least squares' of the joined lists", () => {
    const found = frameCorrelation(frames, boot())!;
    const [x, y] = [frames.flatMap((f) => f.x), frames.flatMap((f) => f.y)];
    expect(found.value).toBeCloseTo(pearson(x, y), 12);
    const sd = (v: number[]) =>
      Math.sqrt(v.reduce((s, a) => s + (a - v.reduce((p, q) => p + q) / v.length) ** 2, 0));
    expect(found.slope.value).toBeCloseTo((pearson(x, y) * sd(y)) / sd(x), 10);
    expect(found.low).toBeLessThan(found.value);
    expect(found.high).toBeGreaterThan(found.value);
    expect(frameCorrelation([{ x: [1, 2, 3], y: [5, 5, 5] }], boot())).toBeUndefined();
  });

  test("the interval holds the true correlation about as often as it says", () => {
    let held = 0;
    const truth = 0.6;
    for (let trial = 0; trial < 60; trial++) {
      const stream = random(trial, "coverage");
      const own = Array.from({ length: 14 }, () => {
        const x = Array.from({ length: 40 }, () => stream.normal());
        return { x, y: x.map((v) => truth * v + Math.sqrt(1 - truth ** 2) * stream.normal()) };
      });
      const { low, high } = frameCorrelation(own, { rounds: 200, random: stream.fork("b") })!;
      if (low <= truth && truth <= high) held++;
    }
    // 95 % of 60 is 57; a percentile interval of 14 frames is a little narrow.
    expect(held).toBeGreaterThanOrEqual(49);
  });

  test("curves are compared where both have bins", () => {
    const one = { at: Float64Array.of(1, 2, 3, 4), value: Float64Array.of(1, 2, 3, 9) };
    const two = { at: Float64Array.of(2, 3, 4, 5), value: Float64Array.of(4, 6, 18, 0) };
    expect(curveCorrelation(one, two)).toEqual({ value: expect.closeTo(1, 12), shared: [2, 3, 4] });
  });
});

describe("classical methods", () => {
  test("linear force matching finds the Lennard-Jones potential from its forces", async () => {
    const system = methane({ cutoff: 6, end: "force-shifted" });
    const set = await fluidSet({ system, beads: 64, frames: 6, seed: 3, stride: 60, equilibration: 1200 });
    const edges = Float64Array.from({ length: 41 }, (_, k) => 3.1 + (2.9 * k) / 40);
    const found = pairForceMatch(set, evenly(set.frames, 6), edges)!;
    const law = Array.from(found.at, system.field.pairTerm);
    expect(pearson(found.value, law)).toBeGreaterThan(0.999);
    found.at.forEach((r, k) => {
      if (r > 3.6) expect(Math.abs(found.value[k]! - law[k]!)).toBeLessThan(0.03);
    });
    expect(
      pairForceMatch(selectFrames({ ...set, forces: undefined } as never, [0]), [0], edges),
    ).toBeUndefined();
  });

  test("an ideal gas has no potential of mean force", async () => {
    const stream = random(5, "gas");
    const frames = Array.from({ length: 30 }, () =>
      Float64Array.from({ length: 60 }, () => 12 * stream.uniform()),
    );
    const within = cubicCell(12);
    const terms = frames.map((positions) => {
      const graph = neighbourGraph(positions, within, 5, { floor: 0 });
      const distance = graph.distances.filter((_, e) => graph.receiver[e]! < graph.sender[e]!);
      return { beads: 20, pairs: { distance } };
    });
    const edges = Float64Array.of(2, 3, 4, 5);
    const volumes = frames.map(() => 12 ** 3);
    const { value } = boltzmannInversion(terms as never, volumes, edges, 300);
    for (const v of value) expect(Math.abs(v)).toBeLessThan(0.1);
  });
});

test("cutting pairs takes both directions of an edge and nothing else", () => {
  const { positions } = randomFrames(random(2, "cut"), 1);
  const graph = neighbourGraph(positions, cubicCell(9), 4);
  const [i, j] = [graph.receiver[5]!, graph.sender[5]!];
  const less = withoutPairs(graph, [[i, j]]);
  expect(less.edges).toBe(graph.edges - 2);
  for (let e = 0; e < less.edges; e++) {
    expect([less.receiver[e], less.sender[e]].sort()).not.toEqual([i, j].sort());
    expect(e >= less.starts[less.receiver[e]!]! && e < less.starts[less.receiver[e]! + 1]!).toBe(true);
  }
});

test("a network of one layer has no three-body relevance, though its exact expansion has", async () => {
  const config = {
    architecture: "so3net",
    features: 8,
    layers: 1,
    radialBasis: 6,
    cutoff: 4,
    species: 1,
    lmax: 2,
  } as const;
  const net = graphNetwork(initialWeights(config, random(1, "one layer")));
  const frames = randomFrames(random(8, "one layer"), 1);
  const { triplets } = await frameTerms(
    net,
    new Int32Array(frames.beads),
    { positions: frames.positions, cell: cell(frames.cells!) },
    options,
    quietTask,
  );
  expect(triplets.relevance.every((v) => v === 0)).toBe(true);
  // Trees of messages see the product that one layer forms of two neighbours.
  expect(Math.max(...triplets.branching!.map(Math.abs))).toBeGreaterThan(1e-6);
  expect(Math.max(...triplets.vacuum.map(Math.abs))).toBeGreaterThan(1e-6);
});

test("the body order is the largest with a significant share", () => {
  const of = (...value: number[]) => ({ value, error: value.map(() => 0) });
  expect(orderShares(of(9, -8, 2, 0))).toEqual([0.8, 0.2, 0]);
  expect(bodyOrder(of(9, -8, 0.1, 0), 0.05)).toBe(2);
  expect(bodyOrder(of(9, -8, 2, 0.01), 0.05)).toBe(3);
  expect(bodyOrder(of(9, -8, 0, -2), 0.05)).toBe(4);
});
