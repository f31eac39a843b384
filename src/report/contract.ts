import type { ReportClaim } from "../claims/report-claims.ts";
import type { Params } from "../core/params.ts";
import type { Provenance } from "../data/table.ts";
import type { Citation, Findings } from "../lenses/contract.ts";

/** One titled part of a report. */
export interface Section extends Findings {
  title: string;
  /** What was asked in this part, in plain words. */
  asked: string;
}

/** What a study hands to the report. */
export interface StudyResult {
  /** What was asked, in one paragraph. */
  asked: string;
  /** Three to six plain sentences: the answer. */
  summary: string[];
  sections: Section[];
  /**
   * The claims of all sections with their verdicts, as `assembleReportClaims` gives them: the report leads with them
   * and they are saved as claims.json.
   */
  claims?: ReportClaim[];
  /** Files for the run's `data/` folder beyond the figures' and tables' CSV: name → bytes. */
  files: { name: string; bytes: Uint8Array }[];
  provenance: Provenance[];
  citations: Citation[];
}

/** How the run was made: everything the reader needs to make it again. */
export interface ReportConfig {
  /** The study's name: "nuclear". */
  study: string;
  /** The report's heading. */
  title: string;
  /** The command that makes the same run: "physlens run nuclear --preset quick --seed 1". */
  command: string;
  seed: number;
  preset?: string;
  /** Every option with the value it had. */
  options: Readonly<Record<string, unknown>>;
  /** The study's parameters: their help and units are printed beside the values. */
  params?: Params;
  /** Versions by name: physlens, node and the libraries that take part in the result. */
  versions: Readonly<Record<string, string>>;
}
