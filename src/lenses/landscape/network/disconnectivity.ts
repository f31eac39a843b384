import { demand } from "../../../core/errors.ts";
import { globalMinimum } from "../../../optim/landscape/network.ts";
import type { EnergyGraph } from "./energy-graph.ts";
import { type MergeTree, mergeTree, minimaBelow, superbasins } from "./merge-tree.ts";

export interface DisconnectivityOptions {
  /** Energy levels; default 30. */
  levels?: number;
  /** The highest level; default the highest saddle that joins two basins. */
  first?: number;
  /** Distance of the levels; default (first − lowest)/(levels − 1), rounded up to one digit. */
  spacing?: number;
  /** Which connected component: the one with this minimum; default the global minimum. */
  minimum?: number;
  /** Where a basin stands: the mean of this over its minima. Default: basins side by side, the largest in the middle. */
  metric?: (minimum: number) => number;
  /** A branch has a group if all its minima have this one. */
  group?: (minimum: number) => string | undefined;
}

/** A point where a branch of the graph splits or ends. */
export interface Branch {
  x: number;
  y: number;
  /** Its number in the list; −1 for the root. */
  parent: number;
  minima: number[];
  /** The minimum, where the branch ends. */
  leaf?: number;
  group?: string;
}

/** A disconnectivity graph as plain data. */
export interface Disconnectivity {
  /** Highest first. */
  levels: Float64Array;
  branches: Branch[];
  /** Pieces of the drawing, each of the branch that it leads to. */
  lines: { from: [number, number]; to: [number, number]; branch: number }[];
}

/**
 * The disconnectivity graph of a connected network: at each of evenly spaced levels the superbasins, minima that hang
 * together at or below it, and lines from each to those it holds one level below; a minimum that lies less than a
 * spacing above a level has a branch of its own there, so every minimum shows, and ends at its own value. Chains without
 * a split are drawn as one line. Saddles of one minimum with itself do not count.
 * Sources: Becker & Karplus, J. Chem. Phys. 106, 1495 (1997); Wales, Miller & Walsh, Nature 394, 758 (1998).
 */
export function disconnectivity(graph: EnergyGraph, options: DisconnectivityOptions = {}): Disconnectivity {
  const tree = mergeTree(graph);
  const { minimum = globalMinimum(graph) } = options;
  demand(
    Number.isInteger(minimum) && minimum >= 0 && minimum < tree.minima,
    () => `disconnectivity: minimum ${minimum}; there are ${tree.minima}, counted from 0`,
  );
  let root = minimum;
  while (tree.nodes[root]!.parent >= 0) root = tree.nodes[root]!.parent;
  const levels = levelsOf(tree, root, options);
  const branches: Branch[] = [];
  const children: number[][] = [];
  const add = (branch: Omit<Branch, "x">): number => {
    branches.push({ x: 0, ...branch });
    children.push([]);
    if (branch.parent >= 0) children[branch.parent]!.push(branches.length - 1);
    return branches.length - 1;
  };
  const inside = new Set(minimaBelow(tree, root));
  const spacing = levels.length > 1 ? levels[0]! - levels[1]! : Infinity;
  const at = new Int32Array(tree.minima).fill(-1);
  add({ y: levels[0]!, parent: -1, minima: [...inside] });
  for (const id of inside) at[id] = 0;
  levels.forEach((level, l) => {
    if (l === 0) return;
    for (const basin of superbasins(tree, level)) {
      const kept = basin.filter((id) => inside.has(id) && tree.nodes[id]!.value < level + spacing);
      if (kept.length === 0) continue;
      const branch = add({ y: level, parent: at[kept[0]!]!, minima: kept });
      for (const id of kept) at[id] = branch;
    }
  });
  for (const id of inside) {
    add({ y: tree.nodes[id]!.value, parent: at[id]!, minima: [id], leaf: id });
  }
  place(branches, children, options.metric);
  for (const branch of branches) {
    const group = options.group?.(branch.minima[0]!);
    if (group !== undefined && branch.minima.every((id) => options.group!(id) === group))
      branch.group = group;
  }
  return collapsed(levels, branches, children);
}

function levelsOf(tree: MergeTree, root: number, options: DisconnectivityOptions): Float64Array {
  const { levels = 30 } = options;
  demand(
    Number.isInteger(levels) && levels >= 2,
    () => `disconnectivity: ${levels} levels; expected 2 or more`,
  );
  const lowest = tree.nodes[tree.nodes[root]!.lowest]!.value;
  const { first = tree.nodes[root]!.value } = options;
  const { spacing = roundedUp((first - lowest) / (levels - 1)) } = options;
  demand(spacing > 0 || root < tree.minima, () => `disconnectivity: spacing ${spacing}; expected above 0`);
  return Float64Array.from({ length: root < tree.minima ? 1 : levels }, (_, l) => first - l * spacing);
}

/** The next number above with one digit other than zero. */
function roundedUp(value: number): number {
  if (!(value > 0)) return value;
  const unit = 10 ** Math.floor(Math.log10(value));
  return Math.ceil(value / unit - 1e-9) * unit;
}

/** Every branch has the room of its leaves; of several the largest stands in the middle. */
function place(branches: Branch[], children: number[][], metric?: (minimum: number) => number): void {
  if (metric) {
    for (const branch of branches) {
      branch.x = branch.minima.reduce((sum, id) => sum + metric(id), 0) / branch.minima.length;
    }
    return;
  }
  const room = branches.map((branch) => branch.minima.length);
  const visit = (branch: number, left: number): void => {
    branches[branch]!.x = left + room[branch]! / 2;
    const sorted = [...children[branch]!].sort((a, b) => room[a]! - room[b]! || b - a);
    const [head, tail]: [number[], number[]] = [[], []];
    sorted.forEach((child, i) => {
      if (i % 2 === 0) head.push(child);
      else tail.unshift(child);
    });
    let from = left;
    for (const child of [...head, ...tail]) {
      visit(child, from);
      from += room[child]!;
    }
  };
  visit(0, 0);
}

/** Branches that neither split nor end are left out; a leaf above its last level hangs on the split over it. */
function collapsed(levels: Float64Array, branches: Branch[], children: number[][]): Disconnectivity {
  const kept = new Map<number, number>();
  const out: Branch[] = [];
  const lines: Disconnectivity["lines"] = [];
  const visit = (from: number, parent: number): void => {
    let at = from;
    // The first point below a split, where the slanted piece ends and the upright one begins.
    const first = branches[at]!;
    while (children[at]!.length === 1) at = children[at]![0]!;
    const end = branches[at]!;
    const id = out.length;
    kept.set(at, id);
    out.push({ ...end, parent });
    if (parent >= 0) {
      const above = out[parent]!;
      const knee: [number, number] = [end.x, Math.max(first.y, end.y)];
      lines.push({ from: [above.x, above.y], to: knee, branch: id });
      if (knee[1] > end.y) lines.push({ from: knee, to: [end.x, end.y], branch: id });
    }
    for (const child of children[at]!) visit(child, id);
  };
  visit(0, -1);
  return { levels, branches: out, lines };
}
