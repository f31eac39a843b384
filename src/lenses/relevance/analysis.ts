import type { ClaimWithCard } from "../../claims/report-claims.ts";
import type { PlainCurve } from "./classical.ts";
import type { CutCheck } from "./cuts.ts";
import type { GradientsLook } from "./gradients-look.ts";
import type { Grids, NetworkLook } from "./network-look.ts";
import type { PreparedSubject } from "./subject.ts";

/** Everything the relevance lens computes of a subject. */
export interface RelevanceAnalysis {
  prepared: PreparedSubject;
  /** Å. */
  shell: number;
  grids: Grids;
  main: NetworkLook;
  /** Networks of other seeds. */
  others: { seed: number; look: NetworkLook }[];
  /** Networks trained where nothing but pairs interacts. */
  pairwise: NetworkLook[];
  elsewhere?: NetworkLook;
  /** Networks with random weights, on one frame. */
  random: NetworkLook[];
  /** The same network on one frame, relevance alone: what random ones are compared with. */
  oneFrame: NetworkLook;
  sensitivity: { gamma: number; pair: number; angle: number; look: NetworkLook }[];
  classical: { boltzmann?: PlainCurve; angle?: PlainCurve; forceMatch?: PlainCurve };
  cuts: { pairs: CutCheck; corners?: CutCheck };
  /** Forces and pressure of the first frame by order. */
  gradients: GradientsLook;
  claims: ClaimWithCard[];
}
