import type { Action } from "./command.ts";

export type Groups = Readonly<Record<string, string | undefined>>;

/** A form of words, and what it means. */
export interface Rule {
  readonly form: RegExp;
  /** Undefined: these words mean something else. */
  readonly read: (groups: Groups, before: Action | undefined) => Action | undefined;
}

/** As a normalized message has it. */
export const NUMBER = "-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:e[+-]?\\d+)?";
const DISTANCE = `(?:about )?(?<distance>${NUMBER})(?: (?<unit>m|cm|ft|inch))?`;
const ANGLE = `(?:about )?(?<angle>${NUMBER})(?: deg)?`;
const GO = "(?<verb>walk|go|move|drive|step|run|head|come|advance|roll|proceed)";
const FORWARD = "(?:straight )?(?:forwards?|ahead|on)|straight";
const BACK = "back|backwards?";
const SIDE = "(?:to )?(?:the |your )?(?:left|right)|sideways (?:to the )?(?:left|right)";
const WAY = `(?<way>${FORWARD}|${BACK}|${SIDE})`;
const TURN = "(?:turn|rotate|spin|pivot|face|look)";
const TURN_SIDE = "(?:to )?(?:the |your )?(?<side>left|right|clockwise|counter ?clockwise|anti ?clockwise)";
const METRES: Readonly<Record<string, number>> = { m: 1, cm: 0.01, ft: 0.3048, inch: 0.0254 };

/** Said without a distance, "walk forward" is this far. Metres. */
export const DEFAULT_DISTANCE_M = 1;
/** Said without an angle, "turn left" is this far. */
export const DEFAULT_ANGLE_DEG = 90;

export const MOVEMENT_RULES: readonly Rule[] = [
  { form: form(`${GO} ${WAY}(?: by| for| another)?(?: ${DISTANCE})?`), read: go },
  { form: form(`${GO} (?:by |for |another )?${DISTANCE}(?: ${WAY})?`), read: go },
  {
    form: form(
      "(?:come|go|walk|drive|run|head|get) back (?:here|there|again)|get back|return(?: (?:here|there|back))?|come(?: over)? here",
    ),
    read: () => ({ kind: "return" }),
  },
  { form: form(`(?:back up|reverse|retreat)(?: by)?(?: ${DISTANCE})?`), read: (g) => move({ ...g, way: "back" }) },
  { form: form(`(?:strafe|sidestep) (?<way>${SIDE})(?: by)?(?: ${DISTANCE})?`), read: move },
  { form: form(`${WAY}(?: by)? ${DISTANCE}`), read: moveOrTurnOn },
  { form: form(`${TURN} ${TURN_SIDE}(?: by)?(?: ${ANGLE})?`), read: turn },
  { form: form(`${TURN} (?:by )?${ANGLE}(?: ${TURN_SIDE})?`), read: turn },
  { form: form(`${TURN_SIDE}(?: by)? (?<angle>${NUMBER}) deg`), read: turn },
  { form: form(TURN_SIDE), read: (groups, before) => (before?.kind === "turn" ? turn(groups) : undefined) },
  {
    form: form("(?:turn|spin|rotate)(?: all the way)? (?:around|round|back)"),
    read: () => ({ kind: "turn", degrees: 180 }),
  },
];

/** A form of words that is all of a clause: behind it the message ends, or another clause begins. */
export function form(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})(?= ,| (?:and|then|after that|afterwards)(?: |$)|$)`);
}

/** "step back" is backwards; of "go back" and "come back" nobody knows that. */
const STEPS_BACK: ReadonlySet<string> = new Set(["step", "move"]);

/** A verb with a way: "come back" asks for a return, and "come on" for nothing that a robot does. */
function go(groups: Groups): Action | undefined {
  const { verb = "", way, distance } = groups;
  if (way === "back" && (verb === "come" || (distance === undefined && !STEPS_BACK.has(verb))))
    return { kind: "return" };
  return way === "on" && distance === undefined ? undefined : move(groups);
}

function move({ way = "forward", distance, unit = "m" }: Groups): Action {
  const metres = round(distance === undefined ? DEFAULT_DISTANCE_M : Number(distance) * (METRES[unit] as number));
  if (way.endsWith("left")) return { kind: "move", forward: 0, left: metres };
  if (way.endsWith("right")) return { kind: "move", forward: 0, left: -metres };
  return { kind: "move", forward: way.startsWith("back") ? -metres : metres, left: 0 };
}

/** "turn left 90, then right 45" goes on turning; "walk forward 1 m, then left 2" goes on walking. */
function moveOrTurnOn(groups: Groups, before: Action | undefined): Action | undefined {
  const { way = "", distance, unit } = groups;
  if (unit !== undefined || before?.kind !== "turn") return move(groups);
  const side = /(left|right)$/.exec(way)?.[1];
  return side === undefined ? move(groups) : turn({ side, angle: distance });
}

function turn({ side = "left", angle }: Groups): Action {
  const degrees = angle === undefined ? DEFAULT_ANGLE_DEG : Number(angle);
  return { kind: "turn", degrees: side === "right" || side === "clockwise" ? -degrees : degrees };
}

/** 50 cm are 0.5 m and not 0.500000001. */
function round(metres: number): number {
  return Number(metres.toFixed(6));
}
