import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Shared by every package (`vitest run --config ../../vitest.config.ts`): tests run on sources, in real processes. */
export default defineConfig({
  ssr: { resolve: { conditions: ["@dimos/source", "module", "node", "import", "default"] } },
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "scripts/**/*.test.ts"],
    pool: "forks",
    execArgv: ["--conditions=@dimos/source", "--unhandled-rejections=strict"],
    maxWorkers: 2,
    // Each program that a test starts reads the same TypeScript: half of its time without this.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL("./node_modules/.cache/node-compile", import.meta.url)) },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A loaded machine may take its time; whoever asserts a bound says it in the test.
    expect: { poll: { timeout: 25_000, interval: 20 } },
    globalSetup: [fileURLToPath(new URL("./vitest.built.ts", import.meta.url))],
    setupFiles: [fileURLToPath(new URL("./vitest.setup.ts", import.meta.url))],
    passWithNoTests: true,
  },
});
