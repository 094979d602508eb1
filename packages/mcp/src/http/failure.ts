const INVALID_REQUEST = -32_600;

/** A refusal as clients of the protocol read it. */
export function failureText(message: string, code = INVALID_REQUEST): string {
  return JSON.stringify({ jsonrpc: "2.0", error: { code, message }, id: null });
}

export function failure(status: number, message: string, code?: number): Response {
  return new Response(failureText(message, code), { status, headers: { "content-type": "application/json" } });
}
