/** One line of the health panel: a number, what is expected, and what it means. */
export interface HealthItem {
  /** Part of the metric's name: "gradient_norm". */
  key: string;
  check: string;
  value: number;
  /** What a good value is: "at most 1e-4". */
  expected: string;
  good: boolean;
  /** In a sentence: what the number means for the answers. */
  says: string;
}

/** A number for a sentence, three digits. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}
