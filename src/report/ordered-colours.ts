import { sequential } from "./palette.ts";

/** `count` colours of the ordered scale, dark to light, without its palest end, which is faint on white. */
export function orderedColours(count: number): string[] {
  return Array.from({ length: count }, (_, i) => sequential(count === 1 ? 0 : (0.88 * i) / (count - 1)));
}
