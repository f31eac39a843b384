import { UserError } from "../core/errors.ts";

/**
 * The bytes at `url`, following redirects.
 * @param options.timeout how long the whole may take, ms; two minutes. @param options.limit the most bytes taken.
 * @throws UserError without network, for an answer that is not 2xx, a body that breaks off or is too long, and after
 * the timeout.
 */
export async function download(
  url: string,
  options: { signal?: AbortSignal | undefined; timeout?: number; limit?: number } = {},
): Promise<Uint8Array> {
  const { timeout = 120_000, limit = 1 << 28 } = options;
  const signals = [AbortSignal.timeout(timeout), ...(options.signal ? [options.signal] : [])];
  const hint = "; without network get the file elsewhere and use --file F";
  let response: Response;
  try {
    // Some publishers answer 403 to clients that do not name themselves this way.
    const headers = { "User-Agent": "Mozilla/5.0 (compatible; physlens)" };
    response = await fetch(url, { headers, signal: AbortSignal.any(signals) });
  } catch (cause) {
    options.signal?.throwIfAborted();
    throw new UserError(`download of ${url} failed: ${reason(cause)}${hint}`, { cause });
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw new UserError(
      `download of ${url} failed: the server answered ${response.status} ${response.statusText}${hint}`,
    );
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > limit) throw new Error(`more than ${limit} bytes`);
    }
  } catch (cause) {
    options.signal?.throwIfAborted();
    throw new UserError(`download of ${url} broke off after ${length} bytes: ${reason(cause)}${hint}`, {
      cause,
    });
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function reason(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  if (!(inner instanceof Error)) return String(inner);
  const { code } = inner as NodeJS.ErrnoException;
  return inner.message || code || inner.name;
}
