import { expect, test } from "vitest";
import { random } from "../../core/random.ts";
import { graphNetwork, networkForces } from "../../models/potentials/potential.ts";
import { initialWeights } from "../../models/potentials/shapes.ts";
import { cell, openCell } from "../../physics/fluids/cell.ts";
import { evaluate } from "../../physics/fluids/force-field.ts";
import { neighbourGraph } from "../../physics/fluids/graph.ts";
import { monatomicWater } from "../../physics/fluids/systems.ts";
import { expansionByOrder, lawByOrder, orderGradients, relevanceByOrder } from "./force-relevance.ts";
import { networkWalks } from "./network-walks.ts";
import { biasesCounted } from "./rules.ts";

const positions = Float64Array.of(0, 0, 0, 1.5, 0.2, 0, 0.2, 1.7, 0.3, 1.4, 1.6, 1.2);
const sizes = { features: 4, layers: 3, radialBasis: 6, cutoff: 3, species: 1 };

test.each(["schnet", "painn", "so3net"] as const)(
  "%s: forces and virial by order sum to those of reverse differentiation",
  (architecture) => {
    const net = graphNetwork(initialWeights({ ...sizes, architecture }, random(6), { bias: 0.2 }));
    const species = new Int32Array(4);
    for (const within of [openCell(), cell([6.5, 0, 0, 0.4, 6.2, 0, -0.3, 0.5, 6.4])]) {
      const graphOf = (at: Float64Array, box = within) => neighbourGraph(at, box, net.cutoff);
      const exact = networkForces(net, graphOf(positions), species);
      const found = orderGradients(
        relevanceByOrder((frame) =>
          networkWalks(net, graphOf(frame.positions, frame.cell), species, biasesCounted),
        ),
        { positions, cell: within },
        { beads: [2, 0] },
      );
      expect(found.sizes).toEqual([1, 2, 3, "larger"]);
      [2, 0].forEach((bead, b) => {
        for (let k = 0; k < 3; k++) {
          const sum = [0, 1, 2, 3].reduce((total, n) => total + found.forces[(n * 2 + b) * 3 + k]!, 0);
          expect(Math.abs(sum - exact.forces[3 * bead + k]!)).toBeLessThan(1e-6 * (1 + Math.abs(sum)));
        }
      });
      const trace = exact.virial[0]! + exact.virial[4]! + exact.virial[8]!;
      const whole = found.virial.reduce((a, b) => a + b, 0);
      expect(Math.abs(whole - trace)).toBeLessThan(1e-6 * (1 + Math.abs(trace)));
      // The parts are not all in one order.
      expect(Math.abs(found.virial[1]!)).toBeGreaterThan(1e-6);
    }
  },
);

test("a bead that is not there and a step of 0 are refused", () => {
  const frame = { positions, cell: openCell() };
  const never = () => {
    throw new Error("not reached");
  };
  expect(() => orderGradients(never, frame, { beads: [4] })).toThrow("bead 4; there are 0 to 3");
  expect(() => orderGradients(never, frame, { step: 0 })).toThrow("step 0");
});

test("the exact expansion's orders sum to the network's forces, and the law's to its own", () => {
  const architecture = "so3net";
  const net = graphNetwork(initialWeights({ ...sizes, architecture, lmax: 1 }, random(6), { bias: 0.2 }));
  const kinds = new Int32Array(4);
  const frame = { positions, cell: cell([6.5, 0, 0, 0.4, 6.2, 0, -0.3, 0.5, 6.4]) };
  const exact = networkForces(net, neighbourGraph(positions, frame.cell, net.cutoff), kinds);
  const water = monatomicWater();
  const law = evaluate(water.field, { ...frame, cell: cell([9, 0, 0, 0.4, 9, 0, -0.3, 0.5, 9]) });
  for (const [energies, { forces, virial }, within] of [
    [expansionByOrder(net, kinds), exact, frame.cell],
    [lawByOrder(water.field), law, cell([9, 0, 0, 0.4, 9, 0, -0.3, 0.5, 9])],
  ] as const) {
    const found = orderGradients(energies, { positions, cell: within }, { beads: [1] });
    for (let k = 0; k < 3; k++) {
      const parts = [0, 1, 2, 3].map((n) => found.forces[n * 3 + k]!);
      const sum = parts.reduce((a, b) => a + b);
      expect(Math.abs(sum - forces[3 + k]!)).toBeLessThan(1e-6 * (1 + Math.abs(sum)));
      expect(Math.abs(parts[2]!)).toBeGreaterThan(1e-6);
      // A bead alone feels no force.
      expect(Math.abs(parts[0]!)).toBeLessThan(1e-9);
    }
    // What is left out around a bead that moves does not move.
    const all = orderGradients((at) => energies(at), { positions, cell: within }, { beads: [1] });
    all.forces.forEach((force, k) => {
      expect(Math.abs(force - found.forces[k]!)).toBeLessThan(1e-7);
    });
    const whole = found.virial.reduce((a, b) => a + b, 0);
    const trace = virial[0]! + virial[4]! + virial[8]!;
    expect(Math.abs(whole - trace)).toBeLessThan(1e-6 * (1 + Math.abs(trace)));
  }
});
