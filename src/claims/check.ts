import type { z } from "zod";
import { UserError } from "../core/errors.ts";

/**
 * `value` as `schema` reads it. Unknown fields and numbers that are not finite are refused.
 * @throws UserError naming `where`, the field and what was expected.
 */
export function checked<S extends z.ZodType>(schema: S, value: unknown, where: string): z.infer<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const said = result.error.issues.slice(0, 4).map(({ path, message }) => {
    const field = path.map(String).join(".");
    return field === "" ? message : `${field}: ${message}`;
  });
  const more = result.error.issues.length - said.length;
  throw new UserError(`${where}: ${said.join("; ")}${more > 0 ? `; and ${more} more` : ""}`);
}
