import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    "run-clock": "src/run-clock.ts",
    runs: "src/runs.ts",
    testing: "src/testing.ts",
    "tsup-preset": "src/tsup-preset.ts",
    "worker/main": "src/worker/main.ts",
    "worker/guard": "src/worker/guard.ts",
    "log/output-limit": "src/log/output-limit.ts",
  },
  external: ["koffi"],
  format: "esm",
  target: "node22",
  splitting: true,
  clean: true,
  silent: true,
});
