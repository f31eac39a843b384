import { UserError } from "../core/errors.ts";

/** A value, or arrays and objects of such. */
export type Tree<Leaf> = Leaf | readonly Tree<Leaf>[] | { readonly [key: string]: Tree<Leaf> };

/** A tree of the same form with other leaves. */
export type MapTree<T, From, To> = T extends From
  ? To
  : T extends readonly unknown[]
    ? { -readonly [K in keyof T]: MapTree<T[K], From, To> }
    : T extends object
      ? { -readonly [K in keyof T]: MapTree<T[K], From, To> }
      : never;

/** The leaves of a tree in order of writing, each with its path ("0.weights"). */
export function flattenTree<Leaf>(
  tree: Tree<Leaf>,
  isLeaf: (node: unknown) => node is Leaf,
  path = "",
): { path: string; leaf: Leaf }[] {
  if (isLeaf(tree)) return [{ path, leaf: tree }];
  if (typeof tree !== "object" || tree === null) {
    throw new UserError(
      `expected an array, or a list or object of arrays, at '${path}'; got ${String(tree)}`,
    );
  }
  const join = (key: string | number) => (path === "" ? `${key}` : `${path}.${key}`);
  const entries = Array.isArray(tree)
    ? tree.map((child, i) => [i, child] as const)
    : Object.entries(tree as Record<string, Tree<Leaf>>);
  return entries.flatMap(([key, child]) => flattenTree(child as Tree<Leaf>, isLeaf, join(key)));
}

/** The tree's form with its leaves taken in order from `leaves`. */
export function refillTree<Leaf, To>(
  tree: Tree<Leaf>,
  isLeaf: (node: unknown) => node is Leaf,
  leaves: Iterator<To>,
): Tree<To> {
  if (isLeaf(tree)) return leaves.next().value as To;
  if (Array.isArray(tree)) return tree.map((child) => refillTree(child as Tree<Leaf>, isLeaf, leaves));
  return Object.fromEntries(
    Object.entries(tree as Record<string, Tree<Leaf>>).map(([key, child]) => [
      key,
      refillTree(child, isLeaf, leaves),
    ]),
  );
}
