import type { PlotOptions } from "@observablehq/plot";
import { demand } from "../../../core/errors.ts";
import type { MinimumGroups, MinimumProperty } from "./inputs.ts";
import { categories, ink, neutral, ordered } from "./style.ts";

/** How a set of minima is coloured: what goes into the colour channel, and the scale that reads it. */
export interface Encoding {
  of(minima: readonly number[]): string | number;
  color: NonNullable<PlotOptions["color"]>;
}

/** What colour stands for. At most one of `groups` and `property`. */
export interface Encoded {
  groups?: MinimumGroups | undefined;
  groupLabel?: string | undefined;
  property?: MinimumProperty | undefined;
  /** The minimum whose group is named first, however small it is: the lowest. */
  lead?: number;
  /** Single minima are coloured, not branches of several. */
  single?: boolean;
}

const [mixed, none] = ["several groups", "no group"];
const others = "smaller groups";

/**
 * The colours of branches and points: by group (Okabe–Ito, that of `lead` first, then the largest; dark grey for what belongs
 * to several or none, light grey for groups beyond the seventh), by a property (viridis over its mean), or all in ink.
 * @param count minima of the network
 * @throws UserError for both, or for values that are not one a minimum.
 */
export function encoding({ groups, groupLabel, property, lead, single }: Encoded, count: number): Encoding {
  demand(!(groups && property), () => "encoding: colour by groups or by a property, not by both");
  const given = groups ?? property?.values;
  demand(
    given === undefined || given.length === count,
    () => `encoding: ${given!.length} ${groups ? "groups" : "values"} for ${count} minima; expected as many`,
  );
  if (groups) return byGroup(groups, groupLabel ?? "group", lead, single);
  if (property) return byProperty(property);
  return { of: () => "minima", color: { domain: ["minima"], range: [ink], legend: false } };
}

function byGroup(groups: MinimumGroups, label: string, lead = 0, single = false): Encoding {
  const sizes = new Map<string, number>();
  for (const group of groups) if (group !== undefined) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const first = groups[lead];
  const names = [...sizes.keys()].sort(
    (a, b) => Number(b === first) - Number(a === first) || sizes.get(b)! - sizes.get(a)!,
  );
  const named = names.slice(0, categories.length);
  const rest = names.length > named.length;
  const loose = groups.some((group) => group === undefined) || (names.length > 1 && !single);
  const other = single ? none : mixed;
  const domain = [...named, ...(rest ? [others] : []), ...(loose ? [other] : [])];
  return {
    of(minima) {
      const group = groups[minima[0]!];
      if (group === undefined || minima.some((id) => groups[id] !== group)) return other;
      return named.includes(group) ? group : others;
    },
    color: {
      type: "categorical",
      label,
      domain,
      range: [
        ...categories.slice(0, named.length),
        ...(rest ? ["#b4bac1"] : []),
        ...(loose ? [neutral] : []),
      ],
    },
  };
}

function byProperty({ label, unit, values }: MinimumProperty): Encoding {
  const finite = Array.from(values).filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const room = high > low ? 0 : Math.abs(low) * 1e-3 || 1e-3;
  return {
    of: (minima) => minima.reduce((sum, id) => sum + values[id]!, 0) / minima.length,
    color: {
      type: "linear",
      label: unit === "" ? label : `${label} (${unit})`,
      domain: finite.length > 0 ? [low - room, high + room] : [0, 1],
      interpolate: ordered,
      unknown: neutral,
    },
  };
}
