import { mkdirSync, writeFileSync } from "node:fs";
import { claimsJsonSchema } from "../../src/claims/claims-file.ts";

// Publishes the JSON Schema of claims.json.
const folder = new URL("../../schemas/", import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL("claims.schema.json", folder), claimsJsonSchema());
