import { demand } from "../../../core/errors.ts";

/** The energies of a network and which minima each transition state joins: all that its graph needs. */
export interface EnergyGraph {
  minima: readonly { value: number }[];
  saddles: readonly { value: number; minima: readonly [number, number] }[];
}

/** @throws UserError for a saddle that names a minimum which is not there or that does not lie above both of its minima. */
export function checkGraph({ minima, saddles }: EnergyGraph, where: string): void {
  minima.forEach(({ value }, id) => {
    demand(Number.isFinite(value), () => `${where}: minimum ${id} has value ${value}`);
  });
  saddles.forEach(({ value, minima: ends }, id) => {
    for (const end of ends) {
      demand(
        Number.isInteger(end) && end >= 0 && end < minima.length,
        () => `${where}: saddle ${id} joins minimum ${end}; there are ${minima.length}, counted from 0`,
      );
      demand(
        value > minima[end]!.value,
        () =>
          `${where}: saddle ${id} at ${value} does not lie above minimum ${end} at ${minima[end]!.value}; certify the points`,
      );
    }
  });
}
