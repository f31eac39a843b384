import type { Diagnostic } from "./contract.ts";

/** Something the reader should know. */
export function note(message: string): Diagnostic {
  return { level: "note", message };
}

/** Something that makes a finding doubtful. */
export function warning(message: string): Diagnostic {
  return { level: "warning", message };
}
