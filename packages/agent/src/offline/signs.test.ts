import { describe, expect, test } from "vitest";
import type { Action } from "./command.ts";
import { misunderstanding } from "./misunderstanding.ts";
import { parseMessage } from "./parse.ts";

const forward = (metres: number): Action => ({ kind: "move", forward: metres, left: 0 });
const turn = (degrees: number): Action => ({ kind: "turn", degrees });
const to = (x: number, y: number): Action => ({ kind: "goTo", x, y });

describe("a number is read in every way that has one meaning", () => {
  test.each<[string, ...Action[]]>([
    ["walk forward 1½ m", forward(1.5)],
    ["walk forward ½ m", forward(0.5)],
    ["walk forward ¾ m", forward(0.75)],
    ["walk forward -1½ m", forward(-1.5)],
    ["walk forward 1/2 m", forward(0.5)],
    ["walk forward -1/2 m", forward(-0.5)],
    ["walk forward 1 1/2 m", forward(1.5)],
    ["walk forward 1 ½ m", forward(1.5)],
    ["walk forward -1 1/2 m", forward(-1.5)],
    ["go to 1 1/2 2 1/2", to(1.5, 2.5)],
    ["walk forward +2 m", forward(2)],
    ["walk forward −2 m", forward(-2)],
    ["walk forward .5 m", forward(0.5)],
    ["walk forward 6 inches", forward(0.1524)],
    ["walk forward 2\u00a0m", forward(2)],
    ["walk forward 2\u2009m", forward(2)],
    ["walk forward 2m.", forward(2)],
    ["walk forward 2m,turn left 90°!", forward(2), turn(90)],
    ["turn left 90 °", turn(90)],
    ['"walk forward 2 m"', forward(2)],
    ["“Walk forward two meters.”", forward(2)],
    ["go to the 'kitchen'", { kind: "goToPlace", place: "kitchen" }],
    ["go to Anna's desk", { kind: "goToPlace", place: "annas desk" }],
    ["go to cafe\u0301", { kind: "goToPlace", place: "café" }],
    ["go to dock-2", { kind: "goToPlace", place: "dock-2" }],
    ["go to (3,4)", to(3, 4)],
    ["go to [3; -4]", to(3, -4)],
    ["go to 3,4", to(3, 4)],
    ["go to (x = 3, y = -2)", to(3, -2)],
    ["go to x=3,y=2", to(3, 2)],
  ])("%s", (text, ...actions) => {
    const { commands, unknown } = parseMessage(text);
    expect({ actions: commands.map(({ action }) => action), unknown }).toEqual({ actions, unknown: [] });
  });
});

describe("a number that could be another one moves nothing, and the answer names it", () => {
  test.each([
    ['walk forward 6"', '"6"" in "walk forward 6"'],
    ['walk forward 6 "', '""" in "walk forward 6 "'],
    ['walk forward six"', '"six"" in'],
    ["walk forward 5'11\"", '"5\'11"" in'],
    ["walk forward 6'", '"6\'" in'],
    ["walk forward 6′", '"6′" in'],
    ["walk forward 50%", '"50%" in "walk forward 50%"'],
    ["walk forward 50 % of the way", '"%" in'],
    ["walk forward <2 m", '"<2" in'],
    ["walk forward ~2 m", '"~2" in'],
    ["walk forward ±2 m", '"±2" in'],
    ["walk forward 2² m", '"2²" in'],
    ["walk forward 2 × 3 m", '"×" in'],
    ["walk forward 2*3 m", '"2*3" in'],
    ["walk forward 2-3 m", '"2-3" in'],
    ["walk forward 2–3 m", '"2–3" in'],
    ["go to 2-3", '"2-3" in'],
    ["walk forward 2..3 m", '"2..3" in'],
    ["go to 2..3", '"2..3" in'],
    ["go to 3. 4", '"3." in "go to 3. 4"'],
    ["go to 1.2.3", '"1.2.3" in'],
    ["go to 2:30", '"2:30" in'],
    ["go to 3;4", '"3;4" in'],
    ["walk forward 2,5 m", '"walk forward 2,5 m"'],
    ["walk forward 1,000 m", '"walk forward 1,000 m"'],
    ["go to 1,000", '"go to 1,000"'],
    ["walk forward 1,000,000 m", '"1,000,000" in'],
    ["go to 1 000", '"go to 1 000"'],
    ["walk forward 007 m", '"walk forward 007 m"'],
    ["go to x-2 y-3", '"go to x-2 y-3"'],
    ["turn-90", '"turn-90"'],
    ["walk forward - 2 m", '"-" in'],
    ["walk forward --2 m", '"--2" in'],
    ["walk forward 2+3 m", '"2+3" in'],
    ["walk forward 2e3 m", '"walk forward 2 e3 m"'],
    ["walk forward 1e-3 m", '"walk forward 1 e-3 m"'],
    ["walk forward 0x10 m", '"walk forward 0 x 10 m"'],
    ["walk forward #2", '"#2" in'],
    ["walk forward $2", '"$2" in'],
    ["walk forward 1/0 m", '"1/0" in'],
    ["walk forward 1/2/3 m", '"1/2/3" in'],
    ["walk forward 1⁄2 m", '"1⁄2" in'],
    ["walk forward 2m50", '"walk forward 2 m50"'],
    ["walk forward 3 m 20 cm", '"walk forward 3 m 20 cm"'],
    ["walk forward 2 m²", '"m²" in'],
    ["walk forward 2 m/s", '"walk forward 2 m/s"'],
    ["walk forward 2 km", '"walk forward 2 km"'],
    ["walk forward ∞ m", '"∞" in'],
    ["walk forward NaN m", '"walk forward nan m"'],
    ["walk forward infinity m", '"walk forward infinity m"'],
    ["walk forward ２ m", '"２" in'],
    ["walk forward ٢ m", '"٢" in'],
    ["walk forward Ⅱ m", '"ⅱ" in'],
    ["walk forward 二 m", '"walk forward 二 m"'],
    ["walk forward 2️⃣ m", "U+FE0F"],
    ["walk forward 1\u200b5 m", '"1U+200B5" in'],
    ["walk forward 1\u00ad5 m", '"1U+00AD5" in'],
    ["walk forward 2 m 🙂", '"🙂" in "walk forward 2 m 🙂"'],
    ["walk forward 2 m \u001b[31m", "U+001B"],
    ["turn left 90°30", '"90°30" in'],
    ["turn left 90% and walk forward 1 m", '"90%" in "turn left 90%"'],
    ["go to room #2", '"#2" in'],
    [`walk forward ${"9".repeat(400)} m`, '"999'],
  ])("%s", (text, named) => {
    const { unknown } = parseMessage(text);
    expect(unknown).not.toEqual([]);
    const answer = misunderstanding(unknown, []);
    expect(answer).toContain("have done nothing");
    expect(answer).toContain(named);
  });
});

test("an answer about a number says which are read, and what cannot be seen is named by its number", () => {
  expect(misunderstanding(parseMessage('walk forward 6"').unknown, [])).toBe(
    'I did not understand "6"" in "walk forward 6"", and have done nothing. ' +
      "I read numbers such as 2, -0.5 and 1 1/2, with m, cm, ft, inches or degrees. " +
      "I am an offline command parser, not an LLM.",
  );
});

/** What a message comes to: nothing at all when a part of it is not understood. */
function meaningOf(text: string): string {
  const { commands, unknown } = parseMessage(text);
  return unknown.length > 0 ? "nothing" : JSON.stringify(commands.map(({ action }) => action));
}

const MOVES = [
  "walk forward 15 m",
  "walk forward 1.5 meters",
  "go back 50cm",
  "turn left 90°, then walk 2 m",
  "turn right 1 1/2 degrees",
  "go to x 30 y -2.5",
  "go to 3 4",
  "go to (3, 4)",
  "walk two and a half m and turn around",
  "step left ½ m",
  "back up",
  "wait 10 seconds",
];
const PLACES = ["go to the kitchen", "go to dock-2", "remember this as room 12"];
const UNKNOWN = [
  ..."%<>~±×÷*²³‰§#$€&^|\\`@{}[]()′″'’\"“”«»–—∞≈≤√ⅣⅷⅥ①🙂\u20e3\u200b\u200d\u00ad\u2060\u202e\0\u001b\ufffd\ue000",
];

test.each(UNKNOWN)(
  "the sign %j changes no move, wherever it is written: it means nothing, or nothing moves",
  (sign) => {
    const wrong = [...MOVES, ...PLACES].flatMap((text) =>
      Array.from({ length: text.length + 1 }, (_, at) => text.slice(0, at) + sign + text.slice(at)).filter(
        (changed) => !["nothing", meaningOf(text)].includes(meaningOf(changed)),
      ),
    );
    expect(wrong).toEqual([]);
  },
);

test.each([..."٣२２𝟚"])("the digit %j changes no move", (digit) => {
  const wrong = MOVES.flatMap((text) =>
    Array.from({ length: text.length + 1 }, (_, at) => text.slice(0, at) + digit + text.slice(at)).filter(
      (changed) => !["nothing", meaningOf(text)].includes(meaningOf(changed)),
    ),
  );
  expect(wrong).toEqual([]);
});

test.each([..."+_=,;:!? \u00a0\n"])("the sign %j changes no number", (sign) => {
  const numbersIn = (meaning: string): readonly string[] => meaning.match(/-?[\d.]+(?:e[-+]\d+)?/g) ?? [];
  const wrong = MOVES.flatMap((text) =>
    Array.from({ length: text.length + 1 }, (_, at) => text.slice(0, at) + sign + text.slice(at)).filter((changed) => {
      const known = numbersIn(meaningOf(text));
      // Parts of a message may have become others, such as "walk" and its default: no number may be new but those.
      return numbersIn(meaningOf(changed)).some(
        (number) => !known.includes(number) && !["0", "1", "90"].includes(number),
      );
    }),
  );
  expect(wrong).toEqual([]);
});
