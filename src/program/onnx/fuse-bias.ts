/** A node of a graph, by the names of its tensors. */
export interface Node {
  op: string;
  inputs: string[];
  outputs: string[];
  attributes: Readonly<Record<string, number | string | readonly number[]>>;
}

/** What the pass has to know of a tensor. */
export interface TensorInfo {
  shape: readonly number[];
  dtype: string;
}

/**
 * A matrix product that only an addition of one row uses becomes one Gemm, x·w + b. ONNX Runtime does this itself in
 * float32 only.
 * @param kept names of the graph's outputs, which must go on being made
 */
export function fuseBias(
  nodes: readonly Node[],
  info: (name: string) => TensorInfo,
  kept: ReadonlySet<string>,
): Node[] {
  const maker = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const uses = new Map<string, number>();
  for (const node of nodes) for (const name of node.inputs) uses.set(name, (uses.get(name) ?? 0) + 1);
  const absorbed = new Set<Node>();

  const fused = nodes.map((node) => {
    if (node.op !== "Add") return node;
    for (const [product, bias] of [node.inputs, node.inputs.toReversed()] as [string, string][]) {
      const source = maker.get(product);
      if (!source || uses.get(product) !== 1 || kept.has(product) || absorbed.has(source)) continue;
      if (!isProduct(source, info) || !isRow(info(bias), info(product))) continue;
      absorbed.add(source);
      return { ...node, op: "Gemm", inputs: [...source.inputs, bias], attributes: source.attributes };
    }
    return node;
  });
  return fused.filter((node) => !absorbed.has(node));
}

function isProduct({ op, inputs }: Node, info: (name: string) => TensorInfo): boolean {
  if (op !== "MatMul" && op !== "Gemm") return false;
  const isFloat = info(inputs[0]!).dtype.startsWith("float");
  return isFloat && inputs.length === 2 && inputs.every((name) => info(name).shape.length === 2);
}

function isRow(bias: TensorInfo, product: TensorInfo): boolean {
  const [rows, columns] = product.shape;
  if (product.shape.length !== 2 || bias.shape.at(-1) !== columns) return false;
  return bias.shape.length === 1 || (bias.shape.length === 2 && (bias.shape[0] === 1 || rows === 1));
}
