import type { Mutant } from "../mutant.ts";

const AGENT = "packages/agent/src";
const PARSE = [`${AGENT}/offline/parse.test.ts`];
const SIGNS = [`${AGENT}/offline/signs.test.ts`];
const STOP = [`${AGENT}/stop-words.test.ts`];

/** What is said to a robot, and what it makes of that. */
export const agent: readonly Mutant[] = [
  {
    file: `${AGENT}/offline/movement-rules.ts`,
    find: `if (way.endsWith("right")) return { kind: "move", forward: 0, left: -metres };`,
    replace: `if (way.endsWith("right")) return { kind: "move", forward: 0, left: metres };`,
    wrong: "the robot steps left when it is told to step right",
    tests: PARSE,
  },
  {
    file: `${AGENT}/offline/movement-rules.ts`,
    find: `side === "right" || side === "clockwise" ? -degrees : degrees`,
    replace: `side === "right" ? -degrees : degrees`,
    wrong: "the robot turns left when it is told to turn clockwise",
    tests: PARSE,
  },
  {
    file: `${AGENT}/offline/movement-rules.ts`,
    find: "cm: 0.01",
    replace: "cm: 0.1",
    wrong: "50 cm are 5 m",
    tests: PARSE,
  },
  {
    file: `${AGENT}/offline/movement-rules.ts`,
    find: "|afterwards)(?: |$)|$)`);",
    replace: "|afterwards)(?: |$)|$| )`);",
    wrong: "of a sentence that is half understood that half is done",
    tests: PARSE,
  },
  {
    file: `${AGENT}/offline/offline-brain.ts`,
    find: "if (unknown.length > 0) return misunderstanding(unknown, tools);",
    replace: "if (commands.length === 0 && unknown.length > 0) return misunderstanding(unknown, tools);",
    wrong: "a message is done in part when a part of it is not understood",
    tests: [`${AGENT}/offline/offline-brain.test.ts`],
  },
  {
    file: `${AGENT}/offline/plan.ts`,
    find: "if (beyond[0] !== undefined) return { problem: beyond[0] };",
    replace: "",
    wrong: "half of a message is done before a number in the rest is refused",
    tests: [`${AGENT}/offline/offline-brain.test.ts`],
  },
  {
    file: `${AGENT}/offline/plan.ts`,
    find: "const found = robot !== undefined || own.length > 0 ? own : named;",
    replace: "const found = own.length > 0 ? own : named;",
    wrong: "another robot moves than the one that was named",
    tests: [`${AGENT}/offline/offline-brain.test.ts`],
  },
  {
    file: `${AGENT}/offline/tokens.ts`,
    find: 'return [MARK + core, ...(ends === "" ? [] : [","])];',
    replace: 'return [core, ...(ends === "" ? [] : [","])];',
    wrong: "a word with a sign that is not understood is executed without it",
    tests: SIGNS,
  },
  {
    file: `${AGENT}/offline/tokens.ts`,
    find: "if (isBesideNumber && AFTER_NUMBER.has(kind)) continue;",
    replace: "",
    wrong: "1,5 m are 1 m and another number",
    tests: SIGNS,
  },
  {
    file: `${AGENT}/offline/tokens.ts`,
    find: `text.replace("−", "-").replace("+", "")`,
    replace: `text.replace("−", "").replace("+", "")`,
    wrong: "a typographic minus is lost: the robot walks forward and not back",
    tests: SIGNS,
  },
  {
    file: `${AGENT}/offline/rules.ts`,
    find: `kind: "goTo", x: Number(x), y: Number(y) }),
  },
  {
    form: form(\`\${GO_TO}(?: position| point| coordinates?)? (?<x>`,
    replace: `kind: "goTo", x: Number(y), y: Number(x) }),
  },
  {
    form: form(\`\${GO_TO}(?: position| point| coordinates?)? (?<x>`,
    wrong: "x and y of a place are swapped",
    tests: PARSE,
  },
  {
    file: `${AGENT}/stop-words.ts`,
    find: `const BEGINS_WITH_STOP = new RegExp(\`^\${STOP}\\\\b\`);`,
    replace: `const BEGINS_WITH_STOP = new RegExp(\`^\${STOP}$\`);`,
    wrong: "a stop that goes on in other words does not halt the robot",
    tests: STOP,
  },
  {
    file: `${AGENT}/stop-words.ts`,
    find: `if (BEGINS_WITH_ESTOP.test(words)) return "emergency-first";`,
    replace: "",
    wrong: "a cry for an emergency stop that goes on in other words does not latch it",
    tests: STOP,
  },
  {
    file: `${AGENT}/stop-words.ts`,
    find: "if (ABOUT_ESTOP.test(words)) return undefined;",
    replace: "",
    wrong: "who asks about the emergency stop latches it",
    tests: STOP,
  },
  {
    file: `${AGENT}/conversation.ts`,
    find: `    this.#current?.abort(new TurnInterruptedError("A newer message came."));\n`,
    replace: "",
    wrong: "a newer message waits until the robot has done all of the one before",
    tests: [`${AGENT}/agent.test.ts`],
  },
  {
    file: `${AGENT}/conversation.ts`,
    find: "const gone = speaker.signal === undefined ? [] : [speaker.signal];",
    replace: "const gone: AbortSignal[] = [];",
    wrong: "the robot goes on for somebody who has hung up",
    tests: [`${AGENT}/conversation.test.ts`],
  },
  {
    file: `${AGENT}/conversation.ts`,
    find: `return stop === "emergency" || stop === "emergency-first";`,
    replace: `return stop === "emergency";`,
    wrong: "an emergency stop that goes on in other words waits for its turn, and latches nothing",
    tests: [`${AGENT}/conversation.test.ts`],
  },
  {
    file: `${AGENT}/conversation.ts`,
    find: "new Turn({ text, signal: this.#options.signal, skills, tell });",
    replace: "new Turn({ text, signal, skills, tell });",
    wrong: "a newer message keeps the robot from being halted",
    tests: [`${AGENT}/conversation.test.ts`],
  },
  {
    file: `${AGENT}/latch.ts`,
    find: "    await halt(turn);\n",
    replace: "",
    wrong: "when the emergency stop cannot be latched, nothing halts the robot",
    tests: [`${AGENT}/conversation.test.ts`],
  },
  {
    file: `${AGENT}/halt.ts`,
    find: " || endings.includes(qualifiedName(tool))",
    replace: "",
    wrong: "stop leaves a patrol running in the background",
    tests: [`${AGENT}/agent.test.ts`],
  },
  {
    file: `${AGENT}/turn.ts`,
    find: "{ ...options, signal: this.signal, ...hears }",
    replace: "{ ...options, ...hears }",
    wrong: "the robot goes on with a skill after the message that asked for it was interrupted",
    tests: [`${AGENT}/agent.test.ts`],
  },
  {
    file: `${AGENT}/models/model-brain.ts`,
    find: "if (tool !== undefined && call.invalid !== true)",
    replace: "if (tool !== undefined)",
    wrong: "a malformed call of a model moves the robot",
    tests: [`${AGENT}/models/model-brain.test.ts`],
  },
  {
    file: `${AGENT}/models/model-brain.ts`,
    find: "step < maxSteps",
    replace: "step < 1000",
    wrong: "a model that never ends drives the robot without end",
    tests: [`${AGENT}/models/model-brain.test.ts`],
  },
];
