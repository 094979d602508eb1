import { expect, test } from "vitest";
import { blueprintPackage, packageTree } from "../test/package-tree.ts";
import { BlueprintRegistry } from "./registry.ts";

const root = packageTree({
  "package.json": { name: "bot", dependencies: { "@dimos/unitree-go2": "1", mcp: "1" } },
  "node_modules/@dimos/unitree-go2/package.json": blueprintPackage(
    "@dimos/unitree-go2",
    "go2",
    "unitree-go2-agentic",
    "unitree-go2",
  ),
  "node_modules/mcp/package.json": {
    name: "mcp",
    dimos: { apiVersion: 1, namespace: "mcp", modules: { McpServer: "./dist/server.js" } },
  },
});
const registry = BlueprintRegistry.discover({ from: root });

test("G3 unitree-go3 suggests unitree-go2 and what begins with it", () => {
  expect(() => registry.resolve("unitree-go3")).toThrow(
    expect.objectContaining({
      code: "UNKNOWN_NAME",
      message: `Unknown blueprint or module: "unitree-go3". Did you mean: unitree-go2, unitree-go2-agentic?`,
    }),
  );
});

test("G3 a name near to nothing says how to list what there is", () => {
  expect(() => registry.resolve("zebra")).toThrow(
    expect.objectContaining({
      message: `Unknown blueprint or module: "zebra". Run "dimos list" to see what there is.`,
    }),
  );
});

test("G3 several unknown names are reported at once, and known ones do not hide them", () => {
  expect(() => registry.resolveAll(["zebra", "unitree-go2", "unitree-go3"])).toThrow(
    expect.objectContaining({
      message: [
        `Unknown blueprint or module: "zebra". Run "dimos list" to see what there is.`,
        `Unknown blueprint or module: "unitree-go3". Did you mean: unitree-go2, unitree-go2-agentic?`,
      ].join("\n"),
      data: {
        unknown: [
          { name: "zebra", suggestions: [] },
          { name: "unitree-go3", suggestions: ["unitree-go2", "unitree-go2-agentic"] },
        ],
      },
    }),
  );
});

test.each(["McpServer", "mcp-server", "mcp.McpServer", "mcp.mcp-server"])("G3 finds a module as %s", (name) => {
  expect(registry.resolve(name)).toMatchObject({ qualifiedName: "mcp.McpServer", export: "McpServer" });
});

test.each([
  ["mcp-servr", "mcp-server"],
  ["McpServr", "McpServer"],
  ["mcp.McpServr", "mcp.McpServer"],
])("G3 suggests a name for %s as it was spelled: %s", (name, suggestion) => {
  expect(() => registry.resolve(name)).toThrow(`Did you mean: ${suggestion}?`);
});

test("G2 this project's own kebab name wins over the same name of a dependency", () => {
  const own = packageTree({
    "package.json": {
      name: "bot",
      dependencies: { other: "1" },
      dimos: { apiVersion: 1, namespace: "bot", modules: { McpServer: "./src/server.ts" } },
    },
    "node_modules/other/package.json": blueprintPackage("other", "other", "mcp-server"),
  });
  const resolved = BlueprintRegistry.discover({ from: own });
  expect(resolved.resolve("mcp-server").package).toBe("bot");
  expect(resolved.resolve("other.mcp-server").package).toBe("other");
});

test("G2 a name that is written exactly so wins over the kebab name of a module", () => {
  const own = packageTree({
    "package.json": {
      name: "bot",
      dimos: {
        apiVersion: 1,
        namespace: "bot",
        modules: { McpServer: "./src/server.ts" },
        blueprints: { "mcp-server": "./src/blueprint.ts" },
      },
    },
  });
  const resolved = BlueprintRegistry.discover({ from: own });
  expect(resolved.resolve("mcp-server")).toMatchObject({ kind: "blueprint" });
  expect(resolved.resolve("McpServer")).toMatchObject({ kind: "module" });
});
