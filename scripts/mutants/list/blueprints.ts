import type { Mutant } from "../mutant.ts";

const BLUEPRINTS = "packages/blueprints/src";

/** Which robot a name means, and what a package may say about itself. */
export const mutants: readonly Mutant[] = [
  {
    file: `${BLUEPRINTS}/metadata.ts`,
    find: "  if (version !== undefined) return { problems: [version] };\n",
    replace: "",
    wrong: "a package for another version of dimos is run as if it were for this one",
    tests: [`${BLUEPRINTS}/metadata.test.ts`],
  },
  {
    file: `${BLUEPRINTS}/metadata.ts`,
    find: ' && !value.split("/").includes("..")',
    replace: "",
    wrong: "a package names a file outside of itself to be imported",
    tests: [`${BLUEPRINTS}/metadata.test.ts`],
  },
  {
    file: `${BLUEPRINTS}/metadata.ts`,
    find: "  if (problems.length > 0) return { problems };\n",
    replace: "",
    wrong: "a package with a broken entry is offered all the same",
    tests: [`${BLUEPRINTS}/metadata.test.ts`],
  },
  {
    file: `${BLUEPRINTS}/name-lookup.ts`,
    find: "const nearest = own.length > 0 ? own : matching;",
    replace: "const nearest = matching;",
    wrong: "a dependency makes the name of this project's own robot ambiguous",
    tests: [`${BLUEPRINTS}/unknown-name.test.ts`],
  },
  {
    file: `${BLUEPRINTS}/name-lookup.ts`,
    find: "return exact.length > 0 ? exact : nearest;",
    replace: "return nearest;",
    wrong: "a name that is written exactly is ambiguous",
    tests: [`${BLUEPRINTS}/unknown-name.test.ts`],
  },
  {
    file: `${BLUEPRINTS}/discover.ts`,
    find: "    if (this.#seen.has(name)) return;\n",
    replace: "",
    wrong: "a robot is offered twice, and its own name is ambiguous",
    tests: [`${BLUEPRINTS}/discover.test.ts`],
  },
  {
    file: `${BLUEPRINTS}/pick-export.ts`,
    find: "  if (others.length > 0) {",
    replace: "  if (false as boolean) {",
    wrong: "of several robots in a file the first in the alphabet is run",
    tests: [`${BLUEPRINTS}/load.test.ts`],
  },
  {
    file: `${BLUEPRINTS}/pick-export.ts`,
    find: "if (isBlueprint(value) || isModuleClass(value)) return value;",
    replace: "return value as Blueprint;",
    wrong: "what is no robot is run, and fails with a riddle",
    tests: [`${BLUEPRINTS}/load.test.ts`],
  },
  {
    file: `${BLUEPRINTS}/load.ts`,
    find: "if (installed && TYPESCRIPT.test(target.entry)) {",
    replace: "if (false as boolean) {",
    wrong: "a package that was published as TypeScript fails with a riddle",
    tests: [`${BLUEPRINTS}/load.test.ts`],
  },
  {
    file: `${BLUEPRINTS}/resolve.ts`,
    find: "if (found.length > 1) throw",
    replace: "if (found.length > 99) throw",
    wrong: "of two robots of one name the first is run",
    tests: [`${BLUEPRINTS}/resolve.test.ts`],
  },
];
