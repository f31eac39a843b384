import { isNotRun } from "../../claims/card.ts";
import type { ClaimWithCard } from "../../claims/report-claims.ts";
import { selectRows } from "../../data/select.ts";
import { numberColumn, textColumn } from "../../data/table.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note } from "../../lenses/diagnostic.ts";
import type { MatchHeldOut } from "../../lenses/features/match-held-out.ts";
import { unscaleOutputs } from "../../models/target-scaling.ts";
import { bindingData } from "../../physics/nuclear/baselines.ts";
import { fitMassFormula } from "../../physics/nuclear/fits.ts";
import { formulaBinding, massFormulas } from "../../physics/nuclear/liquid-drop.ts";
import { nucleiOf } from "../../physics/nuclear/nuclides.ts";
import { baselines as dotsFigure } from "../../report/figures/baselines.ts";
import type { Section } from "../contract.ts";
import { rmsOver } from "./baselines.ts";
import { bindingTokens } from "./evaluate.ts";
import type { AuditInput } from "./report-features.ts";
import { mev } from "./report-theory.ts";
import type { RestrictedNetwork } from "./restricted.ts";

/** Errors of one predictor on the parts of the chart, keV; parts without nuclei are left out. */
interface PartErrors {
  name: string;
  title: string;
  errors: { part: Part; nuclei: number; rms: number }[];
}

type Part = "inside" | "below" | "above";

/**
 * The part of the report on the networks that never saw the extreme fifths: their errors within and beyond the range,
 * beside the formulas fitted to the same nuclei, and what is left of each claim.
 */
export async function restrictedSection(
  input: AuditInput,
  { heldOut, claims }: { heldOut: readonly MatchHeldOut[]; claims: readonly ClaimWithCard[] },
): Promise<Section> {
  const { data, restricted } = input;
  const { provenance } = data.source;
  const findings = emptyFindings();
  const rows: {
    parameter: string;
    part: string;
    label: string;
    name: string;
    nuclei: number;
    rms: number;
  }[] = [];
  for (const restriction of restricted) {
    const { parameter, low, high, training } = restriction;
    const words: Record<Part, string> = {
      inside: `${low} ≤ ${parameter} ≤ ${high}`,
      below: `${parameter} < ${low}`,
      above: `${parameter} > ${high}`,
    };
    const found = await partErrors(input, restriction);
    for (const { name, title, errors } of found) {
      for (const { part, nuclei, rms } of errors) {
        rows.push({ parameter, part: words[part], label: title, name, nuclei, rms });
        findings.metrics[`held_out.${parameter}.${part}.${name}.rms_keV`] = rms;
      }
    }
    findings.metrics[`held_out.${parameter}.low`] = low;
    findings.metrics[`held_out.${parameter}.high`] = high;
    findings.metrics[`held_out.${parameter}.training`] = training.length;
    const [network, ...formulas] = found;
    const of = (errors: PartErrors["errors"], part: Part) => errors.find((one) => one.part === part);
    const said = (["below", "above"] as const).flatMap((part) => {
      const own = of(network!.errors, part);
      if (!own) return [];
      const beside = formulas.map(
        ({ title, errors }) => `${title}, fitted to the same nuclei, by ${mev(of(errors, part)!.rms)}`,
      );
      return [
        `the ${own.nuclei} nuclei with ${words[part]} whose Z and N it knows by ${mev(own.rms)} (${beside.join("; ")})`,
      ];
    });
    findings.summary.push(
      `A network that learned the ${training.length} training nuclei with ${words.inside} misses held-out nuclei in that range by ${mev(of(network!.errors, "inside")!.rms)}${said.length > 0 ? ` and ${said.join(", ")}` : `; no nucleus beyond it has a Z and an N that this network knows`}.`,
    );
  }
  for (const { term, inside, ends } of heldOut) {
    findings.metrics[`held_out.match.${term}.rho.inside`] = inside;
    for (const { name, rho } of ends) {
      findings.metrics[`held_out.match.${term}.rho.${name.includes("below") ? "below" : "above"}`] = rho;
    }
  }
  const drawn = rows.filter(({ parameter }) => parameter === "A");
  if (drawn.length > 0) {
    findings.figures.push(
      dotsFigure({
        name: "extreme-fifths",
        title: "Within the range of A that a network was shown, and beyond",
        caption:
          "RMS error of the binding energy: one network, and formulas fitted to the same training nuclei, on held-out nuclei within the range and on nuclei beyond either end whose Z and N the network knows. The same nuclei for all.",
        rows: drawn.map(({ label, part, rms }) => ({
          label: `${label}, ${part}`,
          group: part,
          values: [rms],
        })),
        errorLabel: "RMS error",
        unit: "keV",
        provenance,
      }),
    );
  }
  findings.tables.push(
    {
      name: "extreme-fifths-errors",
      title: "Errors within the range of training and beyond it",
      rows: rows.length,
      provenance,
      columns: [
        textColumn(
          "part",
          rows.map(({ part }) => part),
        ),
        textColumn(
          "predictor",
          rows.map(({ label }) => label),
        ),
        numberColumn(
          "nuclei",
          "",
          rows.map(({ nuclei }) => nuclei),
        ),
        numberColumn(
          "rms",
          "keV",
          rows.map(({ rms }) => rms),
        ),
      ],
    },
    claimTable(claims, heldOut, provenance),
  );
  findings.diagnostics.push(
    note(
      "A token that never trains has no embedding: nuclei beyond the range can be asked about only where both their Z and their N occur within it, so none is far from what the network saw.",
    ),
  );
  return {
    title: "Where a network has not been",
    asked:
      "What becomes of the predictions and of the claims in the extreme fifths of a control parameter, held out?",
    ...findings,
  };
}

/** The network's errors first, then each fitted formula's. */
async function partErrors(
  { data, predictor }: AuditInput,
  { network, training, inside, below, above }: RestrictedNetwork,
): Promise<PartErrors[]> {
  const { chart } = data;
  const parts = { inside, below, above };
  const asked = Int32Array.from([...inside, ...below, ...above]);
  const tokens = bindingTokens(data, asked);
  const outputs = await predictor.outputs(network.parameters, tokens);
  const own = new Float64Array(chart.rows).fill(Number.NaN);
  unscaleOutputs(network.scaling, outputs, tokens.task).forEach((value, i) => {
    own[asked[i]!] = value;
  });
  const errors = (predicted: Float64Array) =>
    (Object.keys(parts) as Part[]).flatMap((part) =>
      parts[part].length === 0
        ? []
        : [{ part, nuclei: parts[part].length, rms: rmsOver(chart, predicted, parts[part]) }],
    );
  const fitted = bindingData(selectRows(chart, training));
  const nuclei = nucleiOf(chart);
  return [
    { name: "network", title: "network", errors: errors(own) },
    ...(Object.keys(massFormulas) as (keyof typeof massFormulas)[]).map((name) => {
      const formula = massFormulas[name];
      const { coefficients } = fitMassFormula(formula, fitted);
      return { name, title: formula.title, errors: errors(formulaBinding(formula, nuclei, coefficients)) };
    }),
  ];
}

/** One line a claim: its agreement with itself where nothing was held out, and where the extreme fifths were. */
function claimTable(
  claims: readonly ClaimWithCard[],
  heldOut: readonly MatchHeldOut[],
  provenance: AuditInput["data"]["source"]["provenance"],
) {
  const entries = claims.flatMap(({ claim, card }) =>
    isNotRun(card.outOfDistribution)
      ? []
      : card.outOfDistribution.map((entry) => ({
          id: claim.id,
          ...entry,
          match: heldOut.find(({ term }) => `match.${term}` === claim.id),
        })),
  );
  const column = (name: string, help: string, of: (entry: (typeof entries)[number]) => number | undefined) =>
    numberColumn(
      name,
      "",
      entries.map((entry) => of(entry) ?? Number.NaN),
      { help },
    );
  const end = (entry: (typeof entries)[number], word: string) =>
    entry.match?.ends.find(({ name }) => name.includes(word))?.rho;
  return {
    name: "extreme-fifths-claims",
    title: "What is left of the claims when the extreme fifths are held out",
    rows: entries.length,
    provenance,
    columns: [
      textColumn(
        "claim",
        entries.map(({ id }) => id),
      ),
      textColumn(
        "held out",
        entries.map((entry) => entry.heldOut),
      ),
      column(
        "agreement",
        "of the claim with that of a network that never saw what was held out",
        ({ outside }) => outside,
      ),
      column("among networks", "the same with networks that saw all of it", ({ inside }) => inside),
      column("ρ within", "that network's |ρ| with the term, in the range", ({ match }) => match?.inside),
      column("ρ below", "the same in the lower end", (entry) => end(entry, "below")),
      column("ρ above", "the same in the upper end", (entry) => end(entry, "above")),
    ],
  };
}
