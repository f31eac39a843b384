import { usageError } from "../../core/errors.ts";
import { massIdentities, type Observable, observables } from "../../physics/nuclear/observables.ts";

/** A quantity that the network learns, with the paper's weight in the loss. */
export type LearnedTask = {
  unit: string;
  help: string;
  /** Factor of the squared error in unit²: 1/w of the paper. */
  weight: number;
} & (
  | { kind: "mass"; name: Observable }
  | { kind: "token"; name: "z" | "n" }
  | { kind: "table"; name: "radius" }
);

const others = {
  z: { kind: "token", name: "z", unit: "", help: "the number of protons itself", weight: 1 },
  n: { kind: "token", name: "n", unit: "", help: "the number of neutrons itself", weight: 1 },
  radius: { kind: "table", name: "radius", unit: "fm", help: "charge radius", weight: 50 },
} as const satisfies Record<string, LearnedTask>;

const known = [...observables, ...Object.keys(others)];

/**
 * The tasks of a list such as "binding,sn,sp", binding first. Squared errors count 1/100 (binding), 1/200 (separation
 * and Q energies) in keV⁻², 50 in fm⁻² and 1 for Z and N, as in the code of Kitouni et al. 2024.
 * @throws UserError (exit status 2) for an unknown or repeated task and for a list without binding.
 */
export function parseTasks(text: string): LearnedTask[] {
  const names = text.split(",").map((name) => name.trim());
  const bad = names.find((name) => !known.includes(name));
  if (bad !== undefined)
    throw usageError(`option 'tasks': unknown task '${bad}'; known: ${known.join(", ")}`);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw usageError(`option 'tasks': '${twice}' is there twice`);
  if (!names.includes("binding")) {
    throw usageError("option 'tasks': 'binding' is missing; the study's errors and lenses are about it");
  }
  return ["binding", ...names.filter((name) => name !== "binding")].map((name): LearnedTask => {
    if (Object.hasOwn(others, name)) return others[name as keyof typeof others];
    const observable = name as Observable;
    const weight = observable === "binding" ? 1 / 100 : 1 / 200;
    return { kind: "mass", name: observable, unit: "keV", help: massIdentities[observable].help, weight };
  });
}
