import { Dimos } from "@dimos/porcelain";

// Walks 5 m, and says what came of it: `moving.ts ENDPOINT [TOKEN]`.
const [endpoint, token] = process.argv.slice(2) as [string, string?];
const app = await Dimos.connect({ endpoint, ...(token === undefined ? {} : { token }) });
try {
  process.send?.(await app.skills.relativeMove({ forward: 5 }));
} catch (error) {
  process.send?.({ code: (error as { readonly code?: unknown }).code });
}
await app.stop();
process.disconnect();
