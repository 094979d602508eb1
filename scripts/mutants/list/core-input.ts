import type { Mutant } from "../mutant.ts";

const INPUT = "packages/core/src/input";
const CONFIG = "packages/core/src/config";
const LOG = "packages/core/src/log";

/** What people and programs give: arguments, settings, secrets; and what is written down of it. */
export const mutants: readonly Mutant[] = [
  {
    file: `${INPUT}/input-check.ts`,
    find: "    if (unknown.length === 0) return result;\n",
    replace: "    if (unknown.length >= 0) return result;\n",
    wrong: "a robot that is told `foward: 2` answers that it has arrived",
    tests: [`${INPUT}/input-check.test.ts`],
  },
  {
    file: `${INPUT}/unknown-fields.ts`,
    find: "        this.look(item, inner, [...path, index]);\n",
    replace: "",
    wrong: "a misspelt field in a list of waypoints is dropped without a word",
    tests: [`${INPUT}/input-check.test.ts`],
  },
  {
    file: `${INPUT}/unknown-fields.ts`,
    find: "if (inner.length > 0) this.look(item, inner, [...path, name]);",
    replace: "if (inner.length > 0) continue;",
    wrong: "a misspelt field inside of another one is dropped without a word",
    tests: [`${INPUT}/input-check.test.ts`],
  },
  {
    file: `${INPUT}/unknown-fields.ts`,
    find: "else if (this.issues.length < MOST) this.issues.push",
    replace: "else this.issues.push",
    wrong: "an input of a million wrong fields becomes a sentence about each",
    tests: [`${INPUT}/input-check.test.ts`],
  },
  {
    file: `${CONFIG}/secrets.ts`,
    find: "  if (schema.secret === true || schema.writeOnly === true) return MASK;\n",
    replace: "  if (schema.writeOnly === true) return MASK;\n",
    wrong: "tokens are shown in status, logs and bug reports",
    tests: [`${CONFIG}/secrets.test.ts`],
  },
  {
    file: `${CONFIG}/secrets.ts`,
    find: "return masked.map((item, index) => mask(item, first[index] ?? asSchema(schema.items), root));",
    replace: "return masked;",
    wrong: "secrets in a list are shown",
    tests: [`${CONFIG}/secrets.test.ts`],
  },
  {
    file: `${CONFIG}/secrets.ts`,
    find: "  for (const variant of variantsOf(schema, root)) masked = mask(masked, variant, root);\n",
    replace: "",
    wrong: "secrets of an optional or referenced part are shown",
    tests: [`${CONFIG}/secrets.test.ts`],
  },
  {
    file: `${CONFIG}/secrets.ts`,
    find: ": schema.additionalProperties;",
    replace: ": {};",
    wrong: "secrets under names that people choose are shown",
    tests: [`${CONFIG}/secrets.test.ts`],
  },
  {
    file: `${CONFIG}/settle.ts`,
    find: "config.callToken === config.token",
    replace: "false",
    wrong: "the token for calls alone opens everything",
    tests: ["packages/porcelain/src/connect.test.ts"],
  },
  {
    file: `${CONFIG}/settle.ts`,
    find: "(config.listen === undefined) !== (config.token === undefined)",
    replace: "false",
    wrong: "a run that is told to listen does not, and says nothing",
    tests: [`${CONFIG}/resolve.test.ts`],
  },
  {
    file: `${CONFIG}/settle.ts`,
    find: 'if (chosen.get("listen")?.value !== undefined) return chosen;',
    replace: "return chosen;",
    wrong: "a token for a robot elsewhere in the environment keeps every run here from starting",
    tests: [`${CONFIG}/resolve.test.ts`],
  },
  {
    file: `${CONFIG}/overrides.ts`,
    find: "if (found.length < 2) return found[0];",
    replace: "return found[0];",
    wrong: "a setting that could be meant for two robots goes to the first",
    tests: [`${CONFIG}/resolve.test.ts`],
  },
  {
    file: `${CONFIG}/overrides.ts`,
    find: "(first.instance === undefined || found.length === 1)",
    replace: "true",
    wrong: "a setting that two modules have goes to one of them without a word",
    tests: [`${CONFIG}/resolve.test.ts`],
  },
  {
    file: `${LOG}/file-sink.ts`,
    find: "      if (this.#size > this.#maxBytes) this.#rotate();\n",
    replace: "",
    wrong: "the log of a run fills the disk of its robot",
    tests: [`${LOG}/file-sink.test.ts`],
  },
  {
    file: `${LOG}/file-sink.ts`,
    find: "        this.#append(descriptor, lostLine(this.#lost));\n",
    replace: "",
    wrong: "nobody learns that lines of the log were lost",
    tests: [`${LOG}/file-sink.test.ts`],
  },
  {
    file: "packages/core/src/module/skill-answer.ts",
    find: "return { ...answer, error: end instanceof HoldError",
    replace: "return { error: answer, ...answer, status: end instanceof HoldError",
    wrong: "a caller does not hear that an emergency stop has ended its skill",
    tests: ["packages/core/src/module/skill-answer.test.ts"],
  },
  {
    file: "packages/core/src/module/skill-answer.ts",
    find: "  if (isDone(answer)) return answer;\n",
    replace: "",
    wrong: "a robot that had arrived before an emergency stop says that it has not",
    tests: ["packages/core/src/module/skill-answer.test.ts"],
  },
];
