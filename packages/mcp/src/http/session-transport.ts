import {
  type HandleRequestOptions,
  isJSONRPCErrorResponse,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  isSpecType,
  type JSONRPCMessage,
  type RequestId,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import { failure } from "./failure.ts";
import { RecentIds } from "./recent-ids.ts";

/** Requests of one session that may wait for their answers at once. */
const MAX_OPEN_REQUESTS = 64;
/** Of the answer to a cancelled request of a batch, which clients ignore. */
const REQUEST_CANCELLED = -32_800;

/**
 * The transport of one session, which ends the response stream of a cancelled request. The SDK's keeps that open for as long
 * as the client does: the protocol lets nobody answer a cancelled request, and only an answer ends the stream of its request.
 */
export class SessionTransport extends WebStandardStreamableHTTPServerTransport {
  /** Requests that are neither answered nor cancelled, each with all that came in the same POST: they share a stream. */
  readonly #open = new Map<RequestId, readonly RequestId[]>();
  readonly #ended = new RecentIds();
  /** Cancelled before they were heard: the two come on connections of their own, and may overtake each other. */
  readonly #cancelledEarly = new RecentIds();

  /** Whether a request waits for its answer. */
  get isBusy(): boolean {
    return this.#open.size > 0;
  }

  /** @param options with the parsed body of a POST, unless it cannot be parsed */
  override async handleRequest(request: Request, options: HandleRequestOptions): Promise<Response> {
    const messages = [options.parsedBody].flat();
    const ids = messages.filter((message) => isJSONRPCRequest(message)).map(({ id }) => id);
    const refusal = this.#refusalOf(ids);
    if (refusal !== undefined) return refusal;
    for (const id of ids) this.#open.set(id, ids);
    const response = await super.handleRequest(request, options);
    if (response.ok) await this.#heed(messages, ids);
    else for (const id of ids) this.#open.delete(id);
    return response;
  }

  override async send(message: JSONRPCMessage, options?: { relatedRequestId?: RequestId }): Promise<void> {
    if ((isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message)) && message.id !== undefined) {
      this.#open.delete(message.id);
      this.#ended.add(message.id);
    }
    await super.send(message, options);
  }

  /** A second request of the same id would take the stream of the first, which then would never end. */
  #refusalOf(ids: readonly RequestId[]): Response | undefined {
    const twice = ids.find((id, index) => this.#open.has(id) || ids.indexOf(id) !== index);
    if (twice !== undefined)
      return failure(400, `The request id ${JSON.stringify(twice)} is in use: its request is not answered yet`);
    if (this.#open.size + ids.length <= MAX_OPEN_REQUESTS) return undefined;
    const open = `${this.#open.size} requests of this session wait for their answers`;
    return failure(429, `${open}, and there may be ${MAX_OPEN_REQUESTS} at most: wait for one, or cancel one`);
  }

  async #heed(messages: readonly unknown[], ids: readonly RequestId[]): Promise<void> {
    for (const id of ids) {
      if (!this.#cancelledEarly.delete(id)) continue;
      // The SDK has not kept what it could not use.
      this.onmessage?.({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: id } });
      await this.#end(id);
    }
    for (const message of messages) {
      if (!isSpecType.CancelledNotification(message) || message.params.requestId === undefined) continue;
      const { requestId } = message.params;
      if (this.#open.has(requestId)) await this.#end(requestId);
      else if (!this.#ended.has(requestId)) this.#cancelledEarly.add(requestId);
    }
  }

  async #end(id: RequestId): Promise<void> {
    if (this.#open.get(id)?.length === 1) this.closeSSEStream(id);
    // On a stream that is closed this reaches nobody: with an answer the SDK forgets the request.
    const error = { code: REQUEST_CANCELLED, message: "The client has cancelled this request" };
    await this.send({ jsonrpc: "2.0", id, error });
  }
}
