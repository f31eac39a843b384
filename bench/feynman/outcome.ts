/** One search, as a line of the results file. */
export interface Outcome {
  id: string;
  formula: string;
  units: boolean;
  budget: number;
  seed: number;
  islands: number;
  threads: number;
  numeric: boolean;
  symbolic: boolean;
  ended: string;
  evaluations: number;
  /** Wall and processor time in seconds; they depend on the machine and its load. */
  seconds: number;
  processor: number;
  /** Loss as a share of the target's variance. */
  loss: number;
  complexity: number;
  found: string;
}
