import type { ClaimWithCard } from "../claims/report-claims.ts";
import type { Params, Values } from "../core/params.ts";
import type { Random } from "../core/random.ts";
import type { Task } from "../core/task.ts";
import type { Table } from "../data/table.ts";
import type { Figure } from "./figure.ts";

/** Where a lens stands among the ways of interpreting a model. */
export interface Axes {
  /** Does it look inside the network or at its input–output behaviour? */
  access: "mechanistic" | "functional";
  scope: "local" | "global";
  aim: "verifying" | "discovering";
  features: "low-level" | "high-level";
  time: "intrinsic" | "post-hoc";
}

export interface Citation {
  /** "Kitouni et al., ICML 2024, arXiv:2405.17425" */
  text: string;
  bibtex: string;
}

/** Something to know before believing a finding. */
export interface Diagnostic {
  level: "note" | "warning";
  message: string;
}

/** A formula to print with what it stands for; `tex` becomes MathML in the report. */
export interface Formula {
  label: string;
  tex: string;
}

/** What a lens found. Metric names are dotted: "helix.N.turns". */
export interface Findings {
  metrics: Record<string, number>;
  figures: Figure[];
  tables: Table[];
  formulas: Formula[];
  diagnostics: Diagnostic[];
  /** One or two plain sentences for the report's head. */
  summary: string[];
  /** What the lens ends in: typed claims, each with its evidence card. The study puts those of all lenses together. */
  claims?: ClaimWithCard[];
}

export interface LensContext {
  task: Task;
  random: Random;
}

/** The one contract of every lens: what it asks, where it stands, what it needs, and the function that looks. */
export interface Lens<Subject, P extends Params = Params> {
  name: string;
  /** The question it answers, in one sentence. */
  question: string;
  axes: Axes;
  citations: Citation[];
  params: P;
  /** Refuses a bad subject or option by name (UserError); the same seed gives the same findings. */
  look(subject: Subject, options: Values<P>, context: LensContext): Promise<Findings>;
}

/** Findings with nothing in them, to be filled. */
export function emptyFindings(): Findings {
  return { metrics: {}, figures: [], tables: [], formulas: [], diagnostics: [], summary: [] };
}
