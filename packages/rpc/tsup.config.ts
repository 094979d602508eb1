import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/printable.ts"],
  format: "esm",
  target: "node22",
  splitting: true,
  clean: true,
  silent: true,
});
