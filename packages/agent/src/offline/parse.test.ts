import { describe, expect, test } from "vitest";
import type { Action } from "./command.ts";
import { parseMessage } from "./parse.ts";

const forward = (metres: number): Action => ({ kind: "move", forward: metres, left: 0 });
const left = (metres: number): Action => ({ kind: "move", forward: 0, left: metres });
const turn = (degrees: number): Action => ({ kind: "turn", degrees });
const skill = (name: string): Action => ({ kind: "skill", skill: name });
const to = (x: number, y: number): Action => ({ kind: "goTo", x, y });
const place = (name: string): Action => ({ kind: "goToPlace", place: name });

describe("a message is read as what it asks for", () => {
  test.each<[string, ...Action[]]>([
    ["walk forward 2 meters", forward(2)],
    ["Walk Forward TWO metres!!", forward(2)],
    ["walk two and a half meters", forward(2.5)],
    ["go back half a meter", forward(-0.5)],
    ["go backwards 50cm", forward(-0.5)],
    ["back up two feet", forward(-0.6096)],
    ["move 3 m straight ahead", forward(3)],
    ["walk forward", forward(1)],
    ["walk forward minus one meter", forward(-1)],
    ["step to the right 20 cm", left(-0.2)],
    ["go to the left 1 m", left(1)],
    ["strafe left one hundred and twenty centimeters", left(1.2)],
    ["please could you walk about twenty cm now", forward(0.2)],
    ["turn left 90", turn(90)],
    ["turn left 90°.", turn(90)],
    ["turn forty-five degrees to the right", turn(-45)],
    ["rotate clockwise by 30 degrees", turn(-30)],
    ["turn-around", turn(180)],
    ["spin 90", turn(90)],
    ["turn left", turn(90)],
    ["go to the kitchen", place("kitchen")],
    ["take me to room 2", place("room 2")],
    ["go home", place("home")],
    ["come back home", place("home")],
    ["go back to the kitchen", place("kitchen")],
    ["step back", forward(-1)],
    ["go backwards", forward(-1)],
    ["go back", { kind: "return" }],
    ["come back!", { kind: "return" }],
    ["come back 1 m", { kind: "return" }],
    ["come 1 m back", { kind: "return" }],
    ["Come back here, please.", { kind: "return" }],
    ["walk back", { kind: "return" }],
    ["return", { kind: "return" }],
    ["come here", { kind: "return" }],
    ["walk forward 1 m, then come back", forward(1), { kind: "return" }],
    ["turn left 270 degrees", turn(270)],
    ["turn right 360", turn(-360)],
    ["walk on 2 m", forward(2)],
    ["walk forward 1 m, then emergency stop", forward(1), { kind: "estop" }],
    ["reset the e-stop", { kind: "resetEstop" }],
    ["release the emergency stop", { kind: "resetEstop" }],
    ["go to x 3 y 2", to(3, 2)],
    ["drive to x=3, y=-2", to(3, -2)],
    ["go to (3.5, -0.25)", to(3.5, -0.25)],
    ["navigate to x3 y2", to(3, 2)],
    ["remember this as the Kitchen", { kind: "tagPlace", place: "kitchen" }],
    ["explore", skill("beginExploration")],
    ["start exploring the house", skill("beginExploration")],
    ["take a picture", skill("observe")],
    ["What do you see?", skill("observe")],
    ["how full is the battery?", skill("batteryStateOfCharge")],
    ["What's the battery level", skill("batteryStateOfCharge")],
    ["wait 3 seconds", { kind: "wait", seconds: 3 }],
    ["wait for two minutes", { kind: "wait", seconds: 120 }],
    ["help", { kind: "help" }],
    ["what can you do?", { kind: "help" }],
    ["stop", { kind: "stop" }],
    ["turn left 90 then walk 50 cm", turn(90), forward(0.5)],
    ["turn left 90, then right 45", turn(90), turn(-45)],
    ["walk forward 1 m and left 2 m", forward(1), left(2)],
    [
      "first walk one and a half m, and then turn around; finally take a photo.",
      forward(1.5),
      turn(180),
      skill("observe"),
    ],
    ["go to the kitchen and take a picture", place("kitchen"), skill("observe")],
    ["go to x 1, y 2 and go to x 3 y 4", to(1, 2), to(3, 4)],
  ])("%s", (text, ...actions) => {
    const { commands, unknown } = parseMessage(text);
    expect({ actions: commands.map(({ action }) => action), unknown }).toEqual({ actions, unknown: [] });
  });

  test.each([
    ["zero", 0],
    ["seven", 7],
    ["eleven", 11],
    ["nineteen", 19],
    ["twenty", 20],
    ["ninety-nine", 99],
    ["a quarter of a", 0.25],
    ["a couple of", 2],
    ["a", 1],
    ["three quarters", undefined],
  ])("the number %s is %s", (words, value) => {
    const { commands } = parseMessage(`walk forward ${words} meters`);
    expect(commands.map(({ action }) => action)).toEqual(value === undefined ? [] : [forward(value)]);
  });
});

describe("a message that could be meant otherwise is not guessed at", () => {
  test.each([
    "don't walk forward 2 meters",
    "never turn left",
    "walk",
    "come on",
    "go on",
    "come",
    "walk forward or turn left",
    "walk forward but not into the wall",
    "go to x 3",
    "walk forward 2 meters slowly",
    "left",
    "look around",
    "what is the meaning of life",
    "do not explore",
  ])("%s", (text) => {
    const { commands, unknown } = parseMessage(text);
    expect([commands, unknown.length]).toEqual([[], 1]);
  });

  test("what comes back after a place is named, and not driven", () => {
    expect(parseMessage("go to the kitchen and back")).toEqual({
      commands: [{ action: place("kitchen"), words: "go to the kitchen" }],
      unknown: ["back"],
    });
  });
});

test("a robot that is named is meant until another one is", () => {
  const { commands } = parseMessage("turn left, fleet/robot0: walk 1 m, turn left, robot1 turn right", [
    "fleet/robot0",
    "robot1",
  ]);
  expect(commands.map(({ action, robot }) => [action.kind, robot])).toEqual([
    ["turn", undefined],
    ["move", "fleet/robot0"],
    ["turn", "fleet/robot0"],
    ["turn", "robot1"],
  ]);
});

test("long nonsense is read in time that grows with its length", () => {
  const seconds = (text: string) => {
    const startMs = performance.now();
    parseMessage(text);
    return (performance.now() - startMs) / 1000;
  };
  for (const part of [
    "turn ",
    "go to the ",
    "and ",
    ", ",
    "stop it ",
    "walk forward 2 m ",
    "1 ",
    "- ",
    "a half ",
    "é°\0",
    '"',
    ' "a',
    " 'a'b",
    "(",
    "(1 ",
    "minus ",
    "1/",
    "½",
    "x-",
    "1 1/2 ",
    "go to 1,",
    "🙂 ",
  ])
    expect(seconds(part.repeat(10_000 / part.length)), part).toBeLessThan(2);
});
