import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkList, MINIMUM } from "./mutants/check-list.ts";
import { readList } from "./mutants/read-list.ts";

// Whoever changes a source that a mutation stands in mends the mutation in the same change. `pnpm test:mutants` runs them.
const root = fileURLToPath(new URL("..", import.meta.url));
const mutants = await readList(join(root, "scripts/mutants/list"));
const problems = checkList(root, mutants, MINIMUM);

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`mutants ok: ${mutants.length}`);
