import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

export const JSON_TYPE = "application/json";
export const STREAM_TYPE = "text/event-stream";

/** What a client takes: ranges, quality values and a missing header as RFC 9110, 12.5.1 has them. */
export interface Accepted {
  readonly json: boolean;
  readonly stream: boolean;
}

export function acceptedBy({ accept }: IncomingHttpHeaders): Accepted {
  return { json: accepts(accept, JSON_TYPE), stream: accepts(accept, STREAM_TYPE) };
}

export function notAcceptable({
  method,
  headers,
}: IncomingMessage): { readonly status: 406; readonly message: string } | undefined {
  const { json, stream } = acceptedBy(headers);
  // What listens for changes has no end, and so nothing that would fit into one document.
  const isEndless = method === "GET" || headers["mcp-method"] === "subscriptions/listen";
  if ((method !== "GET" && method !== "POST") || stream || (json && !isEndless)) return undefined;
  const wanted = isEndless ? STREAM_TYPE : `${JSON_TYPE}, ${STREAM_TYPE}`;
  return {
    status: 406,
    message: `This client takes nothing that the answer could be. Send the header Accept: ${wanted}`,
  };
}

/** The header as the SDK wants it, which knows no ranges, and wants more than one format where one would do. */
export const ACCEPT_ALL = { accept: `${JSON_TYPE}, ${STREAM_TYPE}` };

/** The most specific range decides, and a quality of 0 excludes. */
function accepts(header: string | undefined, type: string): boolean {
  if (header === undefined || header.trim() === "") return true;
  const ranges = header.toLowerCase().split(",").map(rangeOf);
  for (const wanted of [type, type.replace(/\/.*/, "/*"), "*/*"]) {
    const matching = ranges.filter(({ range }) => range === wanted);
    if (matching.length > 0) return matching.some(({ quality }) => quality > 0);
  }
  return false;
}

function rangeOf(text: string): { readonly range: string; readonly quality: number } {
  const [range = "", ...parameters] = text.split(";").map((part) => part.trim());
  const quality = Number(parameters.find((parameter) => /^q\s*=/.test(parameter))?.replace(/^q\s*=\s*/, "") ?? 1);
  // A quality that cannot be read excludes nothing.
  return { range, quality: Number.isNaN(quality) ? 1 : quality };
}
