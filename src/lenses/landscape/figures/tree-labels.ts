/** A text that would like to stand below the end of a branch. */
export interface LabelWish {
  text: string;
  /** Place of the end in px. */
  x: number;
  y: number;
}

/** An upright stretch of a line in px, from its head to its foot. */
export interface Upright {
  x: number;
  head: number;
  foot: number;
}

/** Size of the labels in px, and the width of one of their characters. */
export const labelSize = 11;
const character = 6.6;

/**
 * Those of the labels that touch neither a label that stands already nor a line: greedily, in the order given.
 * Deterministic, and quick for hundreds of leaves.
 */
export function placedLabels<T extends LabelWish>(wishes: readonly T[], lines: readonly Upright[]): T[] {
  const placed: { left: number; right: number; head: number; foot: number }[] = [];
  return wishes.filter(({ text, x, y }) => {
    const half = (text.length * character) / 2;
    const box = { left: x - half, right: x + half, head: y + 2, foot: y + 4 + labelSize };
    const hits =
      placed.some(
        (other) =>
          box.left < other.right && other.left < box.right && box.head < other.foot && other.head < box.foot,
      ) ||
      lines.some(
        (line) =>
          line.x > box.left - 1 && line.x < box.right + 1 && line.head < box.foot && line.foot > box.head,
      );
    if (!hits) placed.push(box);
    return !hits;
  });
}
