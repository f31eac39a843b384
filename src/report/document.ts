import { parseHTML } from "linkedom";

let held: Document | undefined;

/** The page's own document in a browser; elsewhere one that lives in memory, made once. */
export function drawingDocument(): Document {
  if (typeof globalThis.document?.createElementNS === "function") return globalThis.document;
  held ??= parseHTML("<!doctype html><html><body></body></html>").document as unknown as Document;
  return held;
}
