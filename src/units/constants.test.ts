import { expect, test } from "vitest";
import {
  alphaBinding,
  atomicMassUnit,
  hydrogenMass,
  neutronHydrogenDifference,
  neutronMass,
} from "./constants.ts";

test("the neutron–hydrogen difference and the alpha binding follow from the masses", () => {
  // Oracle: AME2020 prints M(⁴He) = 4.00260325413 u as an independent line of its table.
  const u = atomicMassUnit.value;
  expect((neutronMass.value - hydrogenMass.value) * u).toBeCloseTo(neutronHydrogenDifference.value, 3);
  const alpha = (2 * hydrogenMass.value + 2 * neutronMass.value - 4.00260325413) * u;
  expect(Math.abs(alpha - alphaBinding.value)).toBeLessThan(0.005);
});
