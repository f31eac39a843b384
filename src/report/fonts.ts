import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

let held: Uint8Array[] | undefined;

/** The shipped fonts as TrueType bytes: Inter Regular and SemiBold (SIL Open Font License 1.1). Read once. */
export function shippedFonts(): Uint8Array[] {
  held ??= ["400Regular/Inter_400Regular.ttf", "600SemiBold/Inter_600SemiBold.ttf"].map((file) =>
    readFileSync(require.resolve(`@expo-google-fonts/inter/${file}`)),
  );
  return held;
}
