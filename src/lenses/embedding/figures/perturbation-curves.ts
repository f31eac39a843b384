import * as Plot from "@observablehq/plot";
import { numberColumn, type Provenance, textColumn } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import type { HelixPerturbation } from "../helix-perturbation.ts";
import type { PerturbationProbe } from "../subject.ts";

interface Point {
  panel: string;
  token: number;
  value: number;
  series: string;
}

const ownSeries = "the model's own helix";

/** The prediction along one curve under each change of the helix: a panel for length, radius and frequency each. */
export function perturbationFigure(
  found: HelixPerturbation,
  probe: PerturbationProbe,
  over: "Z" | "N",
  provenance: readonly Provenance[],
): PlotFigure {
  const tokens = over === "Z" ? found.overZ : found.overN;
  const values = (effect: HelixPerturbation["own"]) => (over === "Z" ? effect.overZ : effect.overN);
  const fixed = over === "Z" ? `N = ${probe.at.n}` : `Z = ${probe.at.z}`;
  const name = `helix-perturbation-${over}`;
  const parameters = ["length", "radius", "frequency"] as const;
  const titles = { length: "length (axis)", radius: "radius (circle)", frequency: "frequency (turns)" };
  const points = (effect: HelixPerturbation["own"], panel: string, series: string): Point[] =>
    tokens.map((token, i) => ({ panel, token, value: values(effect)[i]!, series }));
  const own = parameters.flatMap((parameter) => points(found.own, titles[parameter], ownSeries));
  const changed = found.changed.flatMap(({ modification, effect }) =>
    points(effect, titles[modification.parameter], `× ${modification.factor}`),
  );
  const controls = found.changed.flatMap(({ modification, controls: all }) =>
    all.flatMap((effect, k) =>
      points(effect, titles[modification.parameter], `control ${k + 1}, × ${modification.factor}`),
    ),
  );
  const domain = [ownSeries, ...new Set(changed.map(({ series }) => series))];
  const panels = parameters.map((parameter) => titles[parameter]);
  const at = { x: "token", y: "value", fx: "panel" } as const;
  const all = [...own.slice(0, tokens.length), ...changed, ...controls];
  const label = over === "Z" ? "proton number Z" : "neutron number N";
  return {
    kind: "plot",
    name,
    title: `What a longer, wider or faster helix does to the ${probe.quantity} at ${fixed}`,
    caption:
      `${tokens.length} pairs that exist, ${fixed}; the helices of Z and N are drawn with one parameter changed, each token's distance from the helix and all ` +
      `higher components kept; one model. Thin grey: the same changes of the scores along random directions (${found.changed[0]!.controls.length} a change). ` +
      "Expected of a helix that carries the physics: length shifts the whole curve, radius bends it, frequency adds tops.",
    data: {
      name,
      rows: all.length,
      columns: [
        textColumn(
          "change",
          all.map(({ series, panel }) => (series === ownSeries ? "none" : `${panel} ${series}`)),
        ),
        numberColumn(
          over,
          "",
          all.map(({ token }) => token),
        ),
        numberColumn(
          "value",
          probe.unit,
          all.map(({ value }) => value),
          { help: probe.quantity },
        ),
      ],
      provenance,
    },
    plot: {
      width: 720,
      height: 320,
      x: { label, ticks: 5, tickFormat: "d" },
      y: { label: `${probe.quantity}${probe.unit === "" ? "" : ` (${probe.unit})`}` },
      fx: { label: null, domain: panels, padding: 0.06 },
      color: { type: "categorical", domain, range: ["#1f2328", ...hues(domain.length - 1)] },
      marks: [
        Plot.line(controls, { ...at, z: "series", stroke: "#8b949e", strokeOpacity: 0.35, strokeWidth: 0.7 }),
        Plot.line(own, { ...at, stroke: "series", strokeWidth: 1.8 }),
        Plot.line(changed, { ...at, stroke: "series", strokeWidth: 1.8 }),
        Plot.dot(own, { ...at, fill: "series", r: 2 }),
        Plot.dot(changed, { ...at, fill: "series", r: 2 }),
        Plot.frame({ stroke: "#8b949e", strokeOpacity: 0.4 }),
      ],
    },
  };
}

/** Okabe and Ito's colours, the same pair in every panel: the first of a panel grows, the second shrinks or grows more. */
function hues(count: number): string[] {
  const pairs = ["#0072b2", "#d55e00", "#009e73", "#e69f00", "#cc79a7", "#56b4e9"];
  return pairs.slice(0, count);
}
