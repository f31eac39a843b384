/** A system of ordinary differential equations. */
export interface DynamicalSystem {
  /** "Lorenz". */
  name: string;
  /** The state's names, in order. */
  variables: readonly string[];
  /** The right-hand sides as text over the names, constants in place: "10*(y - x)". */
  equations: readonly string[];
  /** ẋ at the state, written into `out`. */
  rate(state: Float64Array, out: Float64Array): void;
  /** Initial states, one trajectory each. */
  starts: readonly (readonly number[])[];
  /** Length of a trajectory. */
  span: number;
  /** Points a trajectory. */
  points: number;
  /** A box of states to draw from, low and high for each variable, where rates are sampled without trajectories. */
  box?: readonly (readonly [number, number])[];
  /** Where the formula is from. */
  source: string;
}
