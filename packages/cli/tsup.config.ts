import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/main.ts"],
  format: "esm",
  target: "node22",
  // Whatever prints needs it, also what imports no other package.
  noExternal: ["@dimos/rpc/printable"],
  splitting: true,
  clean: true,
  silent: true,
});
