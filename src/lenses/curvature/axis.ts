import type { PanelAxis } from "../stacked-panels.ts";

/** The control parameter along which every answer is drawn: a coupling, a temperature, a mass number. */
export interface ControlAxis extends PanelAxis {
  /** Short, part of metric and point names: "V1". */
  name: string;
}

/** Points of a data set with their place on the control axis. */
export interface Points {
  /** Distinct names: "V1=0.994". */
  names: readonly string[];
  control: Float64Array;
  /** What each truly is, in words ("LL", "CDW-I"), where that is known. */
  phase?: readonly string[];
}

/** A name for each value of a control parameter, made distinct by a letter where two would be called the same. */
export function pointNames(axis: string, control: ArrayLike<number>): string[] {
  const seen = new Map<string, number>();
  return Array.from(control, (value) => {
    const name = `${axis}=${Number(value.toPrecision(6))}`;
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return times === 0 ? name : `${name}#${times + 1}`;
  });
}
