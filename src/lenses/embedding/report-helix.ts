import type { Values } from "../../core/params.ts";
import type { Findings } from "../contract.ts";
import { note, warning } from "../diagnostic.ts";
import type { nature } from "./about.ts";
import { helixPanels } from "./figures/helix-panels.ts";
import { nullHistogram } from "./figures/null-histogram.ts";
import { rangeText } from "./figures/words.ts";
import type { HelixTest } from "./helix-test.ts";
import type { EmbeddingSubject, TokenTable } from "./subject.ts";

type Options = Values<typeof nature.params>;

/**
 * Adds a helix test to `findings`. A helix is called found when p ≤ 0.01 against random walks and the fit has at least
 * one and a half turns.
 */
export function reportHelix(
  table: TokenTable,
  test: HelixTest,
  subject: EmbeddingSubject,
  options: Options,
  findings: Findings,
): void {
  const { name } = table;
  const { fit, statistic, walk, smooth, window } = test;
  Object.assign(findings.metrics, {
    [`helix.${name}.turns`]: fit.turns,
    [`helix.${name}.r2`]: fit.r2,
    [`helix.${name}.q`]: statistic.q,
    [`helix.${name}.p`]: walk.p,
    [`helix.${name}.p.smooth`]: smooth.p,
    [`helix.${name}.turns.pc2`]: fit.turnsOf[1]!,
    [`helix.${name}.turns.pc3`]: fit.turnsOf[2]!,
  });
  const where = rangeText(name, window.tokens);
  const found = walk.p <= 0.01 && fit.turns >= 1.5;
  const numbers = `${fit.turns.toFixed(2)} turns, R² ${fit.r2.toFixed(3)}, q ${statistic.q.toFixed(3)}, p ${walk.p.toPrecision(2)} against random walks`;
  findings.summary.push(
    found
      ? `The embeddings of ${where} lie on a helix (${numbers}).`
      : `No helix is shown in the embeddings of ${where} (${numbers}).`,
  );
  if (walk.p <= walk.floor) {
    findings.diagnostics.push(
      note(
        `helix.${name}.p = ${walk.p} is the smallest value that ${options.nulls} null models can give: read it as "at most".`,
      ),
    );
  }
  if (!found && fit.r2 >= 0.9) {
    findings.diagnostics.push(
      warning(
        `Table ${name}: the helix fit's R² of ${fit.r2.toFixed(3)} is no evidence by itself: random walks reach 0.98.`,
      ),
    );
  }
  if (found && smooth.p > 0.01) {
    findings.diagnostics.push(
      warning(
        `Table ${name}: smooth random paths (length ${options.smoothLength} tokens) reach this q too (p = ${smooth.p.toPrecision(2)}); the helix stands against random walks only.`,
      ),
    );
  }
  if (window.missing > 0) {
    findings.diagnostics.push(
      note(
        `Table ${name}: ${window.missing} tokens within ${where} are missing or untrained; t follows the token, the null models do not know of the gaps.`,
      ),
    );
  }
  const provenance = subject.provenance ?? [];
  findings.figures.push(
    helixPanels(table, test, provenance),
    nullHistogram(table, test, { smoothLength: options.smoothLength, provenance }),
  );
}
