import { Unpackr } from "msgpackr";
import { expect, test } from "vitest";
import { encode } from "./codec/codec.ts";
import { FrameError } from "./errors.ts";
import {
  type ClientFrame,
  decodeClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  encodeServerFrame,
  type ServerFrame,
} from "./frames.ts";

// Somebody else's MessagePack reads them: what README.md shows is what is sent.
const other = new Unpackr({ useRecords: false, mapsAsObjects: true });
const error = { name: "TypeError", message: "no", code: "E_NO" };

test.each<[ClientFrame, object]>([
  [
    { kind: "call", id: 7, method: "move", args: [{ forward: 2 }], timeoutMs: 5000, wantsProgress: true },
    { jsonrpc: "2.0", id: 7, method: "move", params: [{ forward: 2 }], timeoutMs: 5000, progress: true },
  ],
  [
    { kind: "call", id: 8, method: "ping", args: [], wantsProgress: false },
    { jsonrpc: "2.0", id: 8, method: "ping", params: [] },
  ],
  [
    { kind: "call", id: 9, method: "ping", args: [], idleTimeoutMs: 5000, wantsProgress: false },
    { jsonrpc: "2.0", id: 9, method: "ping", params: [], idleTimeoutMs: 5000 },
  ],
  [
    { kind: "here", question: 3 },
    { jsonrpc: "2.0", method: "rpc.here", params: [3] },
  ],
  [
    { kind: "notify", method: "log", args: ["hi"] },
    { jsonrpc: "2.0", method: "log", params: ["hi"] },
  ],
  [
    { kind: "abort", id: 7 },
    { jsonrpc: "2.0", method: "rpc.abort", params: [7] },
  ],
  [
    { kind: "subscribe", id: 9, topic: "odom" },
    { jsonrpc: "2.0", id: 9, method: "rpc.subscribe", params: ["odom"] },
  ],
  [
    { kind: "unsubscribe", topic: "odom" },
    { jsonrpc: "2.0", method: "rpc.unsubscribe", params: ["odom"] },
  ],
])("a client's %o is JSON-RPC on the wire", (frame, wire) => {
  const bytes = encodeClientFrame(frame);
  expect(other.unpack(bytes)).toEqual(wire);
  expect(decodeClientFrame(bytes)).toEqual(frame);
});

test.each<[ServerFrame, object]>([
  [
    { kind: "answer", id: 7, value: { moved: 1.97 } },
    { jsonrpc: "2.0", id: 7, result: { moved: 1.97 } },
  ],
  [
    { kind: "failure", id: 7, error },
    { jsonrpc: "2.0", id: 7, error: { code: -32000, message: "no", data: error } },
  ],
  [
    { kind: "unreadable", reason: "why" },
    { jsonrpc: "2.0", id: null, error: { code: -32700, message: "why" } },
  ],
  [
    { kind: "progress", id: 7, value: 0.5 },
    { jsonrpc: "2.0", method: "rpc.progress", params: [7, 0.5] },
  ],
  [
    { kind: "ask", question: 3 },
    { jsonrpc: "2.0", method: "rpc.ask", params: [3] },
  ],
  [
    { kind: "asking", id: 7, isAsking: true },
    { jsonrpc: "2.0", method: "rpc.asking", params: [7, true] },
  ],
  [
    { kind: "event", topic: "odom", value: [1] },
    { jsonrpc: "2.0", method: "rpc.event", params: ["odom", [1]] },
  ],
])("a server's %o is JSON-RPC on the wire", (frame, wire) => {
  const bytes = encodeServerFrame(frame, { root: "value" });
  expect(other.unpack(bytes)).toEqual(wire);
  expect(decodeServerFrame(bytes)).toEqual(frame);
});

const call = { jsonrpc: "2.0", id: 1, method: "m", params: [] };

test.each([
  [null, "the frame is not a map"],
  [[call], "the frame is not a map"],
  [new Map(Object.entries(call)), "the frame is not a map"],
  [{ ...call, jsonrpc: "1.0" }, "the frame is not JSON-RPC 2.0"],
  [{ ...call, id: "__proto__" }, "id is not a positive integer"],
  [{ ...call, id: 0 }, "id is not a positive integer"],
  [{ ...call, id: -1 }, "id is not a positive integer"],
  [{ ...call, id: 1.5 }, "id is not a positive integer"],
  [{ ...call, id: null }, "id is not a positive integer"],
  [{ ...call, method: 1 }, "the frame names no method"],
  [{ ...call, params: "x" }, "params is not an array"],
  [{ ...call, params: { 0: 1 } }, "params is not an array"],
  [{ ...call, timeoutMs: -1 }, "timeoutMs is not a positive number"],
  [{ ...call, timeoutMs: 2 ** 31 }, "timeoutMs is not a positive number"],
  [{ ...call, timeoutMs: Number.NaN }, "timeoutMs is not a positive number"],
  [{ ...call, idleTimeoutMs: Number.POSITIVE_INFINITY }, "idleTimeoutMs is not a positive number"],
  [{ ...call, idleTimeoutMs: 0 }, "idleTimeoutMs is not a positive number"],
  [{ jsonrpc: "2.0", method: "rpc.here", params: [] }, "id is not a positive integer"],
  [{ ...call, method: "rpc.subscribe", params: [{}] }, "the topic is not a string"],
  [{ jsonrpc: "2.0", method: "rpc.abort", params: ["1"] }, "id is not a positive integer"],
])("B5 %j from a client is refused: %s", (frame, message) => {
  expect(() => decodeClientFrame(encode(frame))).toThrow(new FrameError(message));
});

test.each([
  [{ jsonrpc: "2.0", id: 1 }, "the frame has neither a result nor an error"],
  [{ jsonrpc: "2.0", id: 1, error: "x" }, "the frame has neither a result nor an error"],
  [{ jsonrpc: "2.0", id: 1, error: { data: { name: 1 } } }, "the frame has neither a result nor an error"],
  [{ jsonrpc: "2.0", id: "__proto__", result: 1 }, "id is not a positive integer"],
  [{ jsonrpc: "2.0", method: "rpc.event" }, "params is not an array"],
  [{ jsonrpc: "2.0", method: "other", params: [] }, "a server sends progress, events and questions only"],
])("B5 %j from a server is refused: %s", (frame, message) => {
  expect(() => decodeServerFrame(encode(frame))).toThrow(new FrameError(message));
});
