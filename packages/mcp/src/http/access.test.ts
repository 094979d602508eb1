import { describe, expect, it } from "vitest";
import { message, serve } from "../../test/http-server.ts";
import { post } from "../../test/raw-http.ts";

const list = JSON.stringify(message("tools/list", {}, 1));
const LISTED = "http://localhost:5173";
const preflight = {
  "access-control-request-method": "POST",
  "access-control-request-headers": "content-type,mcp-session-id,mcp-protocol-version,authorization",
};

/** The answer to a page of that origin. */
const asPage = (url: string, origin: string, headers: object = {}) =>
  post(url, list, { headers: { origin, ...headers } });

describe("a page", () => {
  it("is let in from this server's own address only: another port of this host is another program's (B6)", async () => {
    await using server = await serve();
    const { origin, port } = new URL(server.url);
    expect(await post(server.url, list)).toMatchObject({ status: 200 });
    for (const own of [origin, `http://localhost:${port}`])
      expect(await asPage(server.url, own)).toMatchObject({
        status: 200,
        headers: { "access-control-allow-origin": own },
      });
    const foreign = [
      "http://localhost:6274",
      "http://127.0.0.1",
      `https://localhost:${port}`,
      `${origin}/`,
      "https://evil.example",
    ];
    for (const other of foreign) {
      const refused = await asPage(server.url, other);
      expect(refused).toMatchObject({
        status: 403,
        body: expect.stringContaining(`Pages of ${other} may not use this server`),
      });
      expect(refused.body).toContain("--mcp-origins");
      expect(refused.headers).not.toHaveProperty("access-control-allow-origin");
    }
    for (const hidden of ["null", ""])
      expect(await asPage(server.url, hidden)).toMatchObject({
        status: 403,
        body: expect.stringContaining("keeps to itself"),
      });
  });

  it("that points its own name at this address is known by that name", async () => {
    await using server = await serve();
    const { port } = new URL(server.url);
    const rebound = `evil.example:${port}`;
    expect(await asPage(server.url, `http://${rebound}`, { host: rebound })).toMatchObject({
      status: 403,
      body: expect.stringContaining('does not answer to the name \\"evil.example\\"'),
    });
  });

  it("of a listed origin has what it needs: the preflight's permission, the answer, and the id of its session", async () => {
    const accessToken = "0123456789abcdef";
    await using server = await serve({ origins: [LISTED], accessToken });
    const asked = await post(server.url, "", { method: "OPTIONS", headers: { origin: LISTED, ...preflight } });
    expect(asked).toMatchObject({
      status: 204,
      headers: {
        vary: "origin",
        "access-control-allow-origin": LISTED,
        "access-control-allow-methods": "GET, POST, DELETE",
        "access-control-allow-headers": expect.stringMatching(/authorization.*mcp-protocol-version.*mcp-session-id/),
      },
    });
    expect(await asPage(server.url, LISTED)).toMatchObject({
      status: 401,
      headers: { "access-control-allow-origin": LISTED },
    });
    expect(await asPage(server.url, LISTED, { authorization: `Bearer ${accessToken}` })).toMatchObject({
      status: 200,
      headers: {
        "access-control-allow-origin": LISTED,
        "access-control-expose-headers": expect.stringContaining("mcp-session-id"),
      },
    });
  });

  it("of another origin is refused with a valid token too, and its preflight permits nothing (B6)", async () => {
    const accessToken = "0123456789abcdef";
    await using server = await serve({ origins: [LISTED], accessToken });
    const other = "http://localhost:5174";
    expect(await asPage(server.url, other, { authorization: `Bearer ${accessToken}` })).toMatchObject({ status: 403 });
    const asked = await post(server.url, "", { method: "OPTIONS", headers: { origin: other, ...preflight } });
    expect(asked.status).toBe(403);
    expect(Object.keys(asked.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });
});
