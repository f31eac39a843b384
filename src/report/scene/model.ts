import * as d3 from "d3";
import { UserError } from "../../core/errors.ts";
import type { SceneFigure } from "../../lenses/figure.ts";
import { formatNumber } from "../number-format.ts";
import { okabeIto, sequential } from "../palette.ts";

/** A scene ready to draw: coordinates scaled to −½ … ½ along each axis, colours and tick texts settled. */
export interface SceneModel {
  width: number;
  height: number;
  axes: { label: string; ticks: { at: number; text: string }[] }[];
  points: { at: [number, number, number]; label: string; color: string }[];
  /** Indices of the points whose label is always shown. */
  labelled: number[];
  line: boolean;
  /** Lines between two points and triangles of three, with the colour of their group. */
  links: { members: number[]; color: string }[];
}

/** Where the reader looks from, in degrees: `turn` about the third axis, `tilt` above its floor. */
export interface View {
  turn: number;
  tilt: number;
}

/** The view of the saved picture, and the first one in the report. */
export const firstView: View = { turn: 32, tilt: 22 };

const most = 14;
const keys = ["x", "y", "z"] as const;

/**
 * The scene of `figure`. Each axis is scaled to its own range, which its ticks state; at most 14 labels are shown at
 * once, evenly along the order of the points.
 * @throws UserError for no points, a coordinate or value that is not finite, and links that join no points.
 */
export function sceneModel(figure: SceneFigure): SceneModel {
  const { points } = figure;
  if (points.length === 0) throw new UserError(`scene '${figure.name}': expected points, got none`);
  for (const point of points) {
    for (const key of [...keys, "value"] as const) {
      if (!Number.isFinite(point[key])) {
        throw new UserError(
          `scene '${figure.name}': point '${point.label}' has ${key} = ${point[key]}; expected a finite number`,
        );
      }
    }
  }
  for (const { members, group } of figure.links ?? []) {
    const stray = members.find((i) => points[i] === undefined);
    if (stray !== undefined || members.length < 2 || members.length > 3) {
      throw new UserError(
        `scene '${figure.name}': a link of '${group}' joins [${members.join(", ")}]; expected two or three of the ${points.length} points`,
      );
    }
  }
  const scales = figure.sameScale
    ? alike(keys.map((key) => points.map((point) => point[key])))
    : keys.map((key) => spanned(points.map((point) => point[key])));
  const colours = linkColours(figure);
  const value = sceneValueScale(figure);
  const stride = Math.ceil(points.length / most);
  return {
    width: 640,
    height: 470,
    axes: scales.map((scale, i) => ({
      label: figure.axes[i]!,
      ticks: scale.ticks(4).map((tick) => ({ at: rounded(scale(tick)), text: formatNumber(tick) })),
    })),
    points: points.map((point) => ({
      at: keys.map((key, i) => rounded(scales[i]!(point[key]))) as [number, number, number],
      label: point.label,
      color: d3.color(value(point.value))!.formatHex(),
    })),
    labelled: d3.range(0, points.length, stride),
    line: figure.line,
    links: (figure.links ?? []).map(({ members, group }) => ({
      members: [...members],
      color: colours.get(group)!,
    })),
  };
}

/** The colour of every group of links, in the order in which they come. */
export function linkColours({ links = [] }: SceneFigure): Map<string, string> {
  const groups = [...new Set(links.map(({ group }) => group))];
  return new Map(groups.map((group, k) => [group, okabeIto[k % okabeIto.length]!]));
}

/** The colour of a value in `figure`: viridis from the least to the greatest. */
export function sceneValueScale(figure: SceneFigure): d3.ScaleSequential<string> {
  const values = figure.points.map((point) => point.value);
  return d3.scaleSequential(sequential).domain(d3.extent(values) as [number, number]);
}

function spanned(values: number[]): d3.ScaleLinear<number, number> {
  const [low, high] = d3.extent(values) as [number, number];
  const domain = low === high ? [low - 0.5, high + 0.5] : [low, high];
  return d3.scaleLinear(domain, [-0.5, 0.5]).nice(4);
}

/** Scales of one length: each axis is centred on its own values, and all have the widest one's range. */
function alike(axes: number[][]): d3.ScaleLinear<number, number>[] {
  const ends = axes.map((values) => d3.extent(values) as [number, number]);
  const half = Math.max(...ends.map(([low, high]) => (high - low) / 2)) || 0.5;
  return ends.map(([low, high]) => {
    const middle = (low + high) / 2;
    return d3.scaleLinear([middle - 1.02 * half, middle + 1.02 * half], [-0.5, 0.5]);
  });
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
