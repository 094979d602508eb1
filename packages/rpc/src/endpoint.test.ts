import { expect, test } from "vitest";
import { parseEndpoint, tcpEndpoint } from "./endpoint.ts";

test("unix sockets and TCP ports are understood", () => {
  expect(parseEndpoint("unix:/run/x.sock")).toEqual({ kind: "unix", path: "/run/x.sock" });
  expect(parseEndpoint("ws://127.0.0.1:8080")).toEqual({ kind: "tcp", host: "127.0.0.1", port: 8080 });
  expect(parseEndpoint("ws://[::1]:0")).toEqual({ kind: "tcp", host: "::1", port: 0 });
  expect(tcpEndpoint("::1", 5)).toBe("ws://[::1]:5");
});

test.each([
  ["", "is neither unix:/path nor ws://host:port"],
  ["http://x", "is neither unix:/path nor ws://host:port"],
  ["unix:relative", "needs an absolute path"],
  [`unix:/${"x".repeat(107)}`, "has a path of 108 bytes; the system takes 107"],
  ["unix:/a\0b", "has a null byte in its path"],
  ["ws://u:p@host:1", "must not carry a login; use the token option"],
  ["ws://host:1/other?socket_id=1", "must not carry a path; use ws://host:port"],
])("%j is refused with the reason", (endpoint, reason) => {
  expect(() => parseEndpoint(endpoint)).toThrow(
    expect.objectContaining({ code: "BAD_ENDPOINT", message: `The endpoint "${endpoint}" ${reason}` }),
  );
});
