import { z } from "zod";
import { UserError } from "../core/errors.ts";
import { checked } from "./check.ts";
import { type ReportClaim, reportClaimSchema } from "./report-claims.ts";

/** Rises when a reader of older files would misread new ones. */
export const claimsVersion = 1;

/** What stands in claims.json. */
export const claimsFileSchema = z
  .strictObject({
    format: z.literal("physlens-claims"),
    version: z.literal(claimsVersion),
    claims: z.array(reportClaimSchema),
  })
  .meta({
    title: "physlens claims, version 1",
    description: "Claims of one report, each with its evidence card and verdict.",
  });

/** The JSON Schema (draft 2020-12) of claims.json: what schemas/claims.schema.json holds. */
export function claimsJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(claimsFileSchema), null, 2)}\n`;
}

/**
 * The text of claims.json: the same claims give the same bytes.
 * @throws UserError for claims that are not whole.
 */
export function claimsJson(claims: readonly ReportClaim[]): string {
  const file = { format: "physlens-claims", version: claimsVersion, claims };
  return `${JSON.stringify(checked(claimsFileSchema, file, "claims.json"), null, 1)}\n`;
}

/**
 * Claims from the text of a claims.json.
 * @param source the file's name, for messages
 * @throws UserError for text that is not JSON, another format or version, and anything the schema refuses.
 */
export function readClaims(text: string, source: string): ReportClaim[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${source}: not valid JSON (${cause instanceof Error ? cause.message : cause})`, {
      cause,
    });
  }
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === "number" && version !== claimsVersion) {
    throw new UserError(
      `${source}: version ${version} of the claims format; this physlens reads version ${claimsVersion}`,
    );
  }
  return checked(claimsFileSchema, value, source).claims;
}
