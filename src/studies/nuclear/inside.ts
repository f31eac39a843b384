import type { ClaimWithCard, ReportClaim } from "../../claims/report-claims.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { note } from "../../lenses/diagnostic.ts";
import type { Section } from "../contract.ts";
import type { Control, ControlNetwork } from "./controls.ts";
import { embeddingClaims } from "./embedding-claims.ts";
import { controlSection } from "./report-controls.ts";
import { type AuditInput, featureSection } from "./report-features.ts";
import { restrictedSection } from "./report-restricted.ts";

/** What lies behind the embeddings section, and the claims that follow before the reruns have their say. */
export interface Inside {
  sections: Section[];
  claims: ClaimWithCard[];
  /** Metrics of the embeddings and the controls, for the sentences of the summary. */
  metrics: Readonly<Record<string, number>>;
}

/**
 * The controls, the last layer, the extreme fifths held out, and the claims with their cards.
 * @param options.embeddings the section of the embedding lens, whose metrics the controls are held against
 * @param options.lens the stream that the embedding lens was given
 */
export async function insideSections(
  options: AuditInput & {
    controls: readonly ControlNetwork[];
    embeddings: Section;
    lens: Random;
  },
  { task, random }: { task: Task; random: Random },
): Promise<Inside> {
  const { data, study, networks, controls, embeddings, lens, restricted } = options;
  const own = networks.map((_, k) => {
    const of = (name: string) => embeddings.metrics[`${name}.seed${k}`]!;
    return { "helix.N.q": of("helix.N.q"), "helix.N.p": of("helix.N.p") };
  });
  const held = await controlSection({
    data,
    controls,
    own,
    rounds: study.nulls,
    width: study.width,
    task: task.part(0, 0.15, "controls"),
    random: random.fork("controls"),
  });
  const features = await featureSection(options, {
    task: task.part(0.15, 0.6, "last layer"),
    random: random.fork("features"),
  });
  const structures = await embeddingClaims(options, {
    task: task.part(0.6, 1, "claims"),
    random: random.fork("claims"),
    lens,
  });
  const claims = [...structures, ...features.claims];
  const sections = [held, features.section];
  if (restricted.length > 0) {
    sections.push(await restrictedSection(options, { heldOut: features.heldOut, claims }));
  }
  if (study.reruns === 0) {
    held.diagnostics.push(
      note(
        "Reruns of the whole pipeline on permuted targets were not run (option reruns is 0): 19 of them add the strictest null to the cards of the claims.",
      ),
    );
  }
  return { sections, claims, metrics: { ...embeddings.metrics, ...held.metrics } };
}

/** What the claims of a report and its controls come to, in sentences. */
export function insideSummary(
  claims: readonly ReportClaim[],
  { metrics }: Inside,
  controls: readonly Control[],
): string[] {
  return [...verdicts(claims), helixSentence(metrics, controls)];
}

/** What survived, in a sentence a verdict. */
function verdicts(claims: readonly ReportClaim[]): string[] {
  const named = (word: string) =>
    claims.filter(({ verdict }) => verdict.word === word).map(({ claim }) => claim.id);
  const part = (word: string) => {
    const ids = named(word);
    return ids.length > 0 ? `${word}: ${ids.join(", ")}` : `${word}: none`;
  };
  return [
    `Of ${claims.length} claims about what the networks hold, the audit leaves ${named("supported").length} supported (${part("supported")}; ${part("mixed")}; ${part("not supported")}).`,
  ];
}

/** The helix in a sentence: against both null models, and in the controls. */
function helixSentence(metrics: Readonly<Record<string, number>>, controls: readonly Control[]): string {
  const word = (p: number) => (p <= 0.01 ? "beats" : "does not beat");
  const [walk, smooth] = [metrics["helix.N.p"]!, metrics["helix.N.p.smooth"]!];
  const showing = controls.filter(
    ({ name }) =>
      metrics[`control.${name}.helix.N.p`]! <= 0.05 && metrics[`control.${name}.helix.N.turns`]! >= 1.5,
  );
  return `In the median network the helix of the neutron embeddings ${word(walk)} random walks (p = ${walk.toPrecision(2)}) and ${word(smooth)} smooth paths (p = ${smooth.toPrecision(2)}); of ${controls.length} control networks that should not show it, ${showing.length > 0 ? `${showing.map(({ name }) => name).join(" and ")} does all the same` : "none does"}.`;
}
