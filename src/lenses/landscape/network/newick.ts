import { demand, UserError } from "../../../core/errors.ts";
import type { NewickTree } from "../../../data/newick.ts";
import type { MergeNode, MergeTree } from "./merge-tree.ts";

/**
 * One tree of a merge forest as a Newick tree: leaves are named by `name` (default: the number of the minimum), the
 * root by its height and inner nodes not at all; lengths are differences of height.
 * @param root which of `tree.roots`; default the first, which holds the global minimum.
 */
export function newickOfMergeTree(
  tree: MergeTree,
  options: { root?: number; name?: (minimum: number) => string } = {},
): NewickTree {
  const { root = 0, name = String } = options;
  demand(root < tree.roots.length, () => `newickOfMergeTree: tree ${root} of ${tree.roots.length}`);
  const build = (node: number): NewickTree => {
    const { value, children, parent } = tree.nodes[node]!;
    const length = parent < 0 ? {} : { length: tree.nodes[parent]!.value - value };
    const label = node < tree.minima ? name(node) : parent < 0 ? String(value) : "";
    return { name: label, ...length, children: children.map(build) };
  };
  return build(tree.roots[root]!);
}

/**
 * The merge tree of a Newick tree, heights counted down from the root: the other way round of {@link newickOfMergeTree}.
 * Minima are numbered in the order of their appearance; rounding of the lengths is that of the file.
 * @param root the height of the root; default the number that is its name.
 * @returns the tree, and the name of each minimum.
 * @throws UserError for a root without a height, a branch without a length and one that goes up.
 */
export function mergeTreeOfNewick(
  newick: NewickTree,
  root = Number(newick.name || Number.NaN),
): { tree: MergeTree; names: string[] } {
  demand(
    Number.isFinite(root),
    () =>
      `mergeTreeOfNewick: the root is named '${newick.name}'; expected its height as a number, or give it`,
  );
  const [leaves, joins]: [Found[], Found[]] = [[], []];
  const visit = (at: NewickTree, value: number): Found => {
    const found: Found = { name: at.name, value, children: [] };
    for (const child of at.children) {
      if (!(child.length !== undefined && child.length >= 0)) {
        throw new UserError(
          `mergeTreeOfNewick: '${child.name}' has length ${child.length}; expected a number of at least 0`,
        );
      }
      found.children.push(visit(child, value - child.length));
    }
    (at.children.length === 0 ? leaves : joins).push(found);
    return found;
  };
  visit(newick, root);
  joins.sort((a, b) => a.value - b.value);
  const all = [...leaves, ...joins];
  const number = new Map(all.map((node, id) => [node, id]));
  const nodes: MergeNode[] = [];
  all.forEach(({ value, children }, id) => {
    const below = children.map((child) => number.get(child)!);
    const lowest = (node: number) => nodes[node]!.lowest;
    below.sort((a, b) => nodes[lowest(a)]!.value - nodes[lowest(b)]!.value || lowest(a) - lowest(b));
    for (const child of below) nodes[child]!.parent = id;
    const leavesBelow = below.reduce((sum, child) => sum + nodes[child]!.leaves, 0);
    nodes.push({
      ...{ value, children: below, parent: -1 },
      ...{
        lowest: below.length === 0 ? id : lowest(below[0]!),
        leaves: below.length === 0 ? 1 : leavesBelow,
      },
    });
  });
  const tree = { minima: leaves.length, nodes, roots: [all.length - 1] };
  return { tree, names: leaves.map((leaf) => leaf.name) };
}

interface Found {
  name: string;
  value: number;
  children: Found[];
}
