import type { Catalogue } from "../data/store.ts";
import type { LensDescription } from "../lenses/registry.ts";
import type { StudyRegistry } from "../studies/registry.ts";

/** What a command works with: replaced in tests. */
export interface Cli {
  studies: StudyRegistry;
  lenses: readonly LensDescription[];
  catalogue: Catalogue;
  /** `$PHYSLENS_HOME`. */
  home: string;
  /** Prints a line of the answer. */
  print(line: string): void;
  /** Where progress and errors go. */
  stderr: { write(text: string): unknown; isTTY?: boolean; columns?: number };
}
