import { expect, test } from "vitest";
import { random } from "../../core/random.ts";
import { graphNetwork, networkForces } from "../../models/potentials/potential.ts";
import { initialWeights } from "../../models/potentials/shapes.ts";
import { cell, openCell } from "../../physics/fluids/cell.ts";
import { neighbourGraph } from "../../physics/fluids/graph.ts";
import { orderGradients } from "./force-relevance.ts";
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
        (frame) => networkWalks(net, graphOf(frame.positions, frame.cell), species, biasesCounted),
        { positions, cell: within },
        { largest: 3, beads: [2, 0] },
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
