import { demand } from "../../../core/errors.ts";
import type { NewickTree } from "../../../data/newick.ts";
import type { MergeTree } from "./merge-tree.ts";

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
