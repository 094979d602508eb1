import { form, MOVEMENT_RULES, NUMBER, type Rule } from "./movement-rules.ts";
import { UNDERSTOOD } from "./tokens.ts";

const PLACE = `(?:the )?(?<place>${UNDERSTOOD}+?)(?= ,| and | then |$)`;
const GO_TO =
  "(?:(?:go|navigate|walk|drive|head|move|come|run|return)(?: back| over)? (?:to|into)|(?:take|bring) me to|visit|find)";

const ESTOP = "(?:emergency[ -]?(?:stop|halt)|e ?stop)";

function skill(pattern: string, name: string): Rule {
  return { form: form(pattern), read: () => ({ kind: "skill", skill: name }) };
}

/** Every form of words that is understood. Of those that fit, the longest counts. */
export const RULES: readonly Rule[] = [
  ...MOVEMENT_RULES,
  {
    form: form(
      `${GO_TO}(?: position| point| coordinates?)?(?: x)? (?<x>${NUMBER})(?: m)?(?: ,)?(?: and)?(?: y)? (?<y>${NUMBER})(?: m)?`,
    ),
    read: ({ x, y }) => ({ kind: "goTo", x: Number(x), y: Number(y) }),
  },
  {
    form: form(`${GO_TO}(?: position| point| coordinates?)? (?<x>${NUMBER}),(?<y>${NUMBER})`),
    read: ({ x, y }) => ({ kind: "goTo", x: Number(x), y: Number(y) }),
  },
  {
    form: form(`${GO_TO} ${PLACE}`),
    // "go to the left 1 m" is a move, and "go to x 3" says half of where to.
    read: ({ place = "" }) => (/^(?:left|right|[xy])\b|^-?\d/.test(place) ? undefined : { kind: "goToPlace", place }),
  },
  {
    form: form("(?:(?:go|come|walk|drive|run|head)(?: back)?|return) home"),
    read: () => ({ kind: "goToPlace", place: "home" }),
  },
  {
    form: form(
      `(?:(?:tag|remember|save|mark|call) (?:this|here|this (?:place|location|spot)) as|this(?: place)? is|you are in) ${PLACE}`,
    ),
    read: ({ place = "" }) => ({ kind: "tagPlace", place }),
  },
  skill(
    "(?:start )?(?:explore|exploring|to explore)(?: (?:the |this )?(?:room|house|flat|apartment|office|building|place|area|world|map|maze|warehouse))?|(?:start |begin )exploration",
    "beginExploration",
  ),
  skill("(?:end|stop|finish|cancel) (?:the )?(?:exploration|exploring)", "endExploration"),
  skill(
    "(?:start )?(?:patrol|patrolling|a patrol|to patrol)(?: (?:the |this )?(?:room|house|flat|apartment|office|building|place|area|yard|warehouse))?",
    "startPatrol",
  ),
  skill("(?:end|stop|finish|cancel) (?:the )?(?:patrol|patrolling)", "stopPatrol"),
  skill(
    "(?:take|make|shoot|get|send)(?: me)? (?:a |an |another |me a )?(?:picture|photo|photograph|snapshot|image)|(?:tell me |show me )?what (?:do|can) you see(?: there| here)?|(?:tell me |show me )?what you see|observe|look|what is (?:there|in front of you)|whats (?:there|in front of you)",
    "observe",
  ),
  skill(
    "(?:how full is |how is |whats |what is |check |show |report )?(?:the |your )?battery(?: (?:level|status|charge|state|voltage|percentage))?(?: at)?|how much (?:battery|charge|power|energy)(?: (?:is|do you have))?(?: left)?|(?:whats|what is) your charge|are you charged",
    "batteryStateOfCharge",
  ),
  skill("what time is it|(?:whats|what is) the (?:time|date)|what day is it", "currentTime"),
  {
    form: form(`(?:wait|pause|sleep|hold on)(?: for)? (?<time>\\d+(?:\\.\\d+)?)(?: (?<unit>s|min))?`),
    read: ({ time, unit }) => ({ kind: "wait", seconds: Number(time) * (unit === "min" ? 60 : 1) }),
  },
  {
    form: form("stop(?: (?:it|moving|everything|there|here))?|halt|freeze|stand still"),
    read: () => ({ kind: "stop" }),
  },
  { form: form(`(?:(?:do|make|hit|press) )?(?:(?:an|the) )?${ESTOP}`), read: () => ({ kind: "estop" }) },
  {
    form: form(
      `(?:reset|release|clear|cancel|end|lift|unlatch|disengage|turn off|deactivate|disable) (?:the |your )?${ESTOP}|${ESTOP} (?:reset|release|off)`,
    ),
    read: () => ({ kind: "resetEstop" }),
  },
  {
    form: form(
      "help(?: me)?|what (?:can|do) you (?:do|understand|know)|what are your (?:skills|commands)|list (?:your )?(?:skills|commands)|who are you|are you an? (?:llm|ai|language model)",
    ),
    read: () => ({ kind: "help" }),
  },
];
