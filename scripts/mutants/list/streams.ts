import type { Mutant } from "../mutant.ts";

const STREAM = "packages/core/src/stream";
const SHARED = `${STREAM}/shared`;
const MAILBOX = [`${SHARED}/mailbox.test.ts`];
const FAULTS = [`${SHARED}/faults.test.ts`];
const PEERS = [`${STREAM}/hostile-peers.test.ts`];

/** Shared memory, and data connections between processes. */
export const STREAMS: readonly Mutant[] = [
  {
    file: `${SHARED}/mapped-segment.ts`,
    find: "if (found !== sequence)",
    replace: "if (false)",
    wrong: "A slot that holds another message by now is delivered as the one that was announced.",
    tests: MAILBOX,
  },
  {
    file: `${SHARED}/mapped-segment.ts`,
    find: "copy.set(this.#bytes.subarray(start, start + length));\n    this.#check(address);",
    replace: "copy.set(this.#bytes.subarray(start, start + length));",
    wrong: "A message that was written over while it was copied is delivered, half of one and half of another.",
    tests: MAILBOX,
  },
  {
    file: `${SHARED}/slot-ring.ts`,
    find: "if (this.#sequences[slot] !== sequence) return false;",
    replace: "",
    wrong: "A subscriber that comes second gets another message from the slot of the one that it should get.",
    tests: MAILBOX,
  },
  {
    file: `${STREAM}/incoming-subscription.ts`,
    find: "this.#session.slots.revoke();",
    replace: "",
    wrong: "A subscriber that leaves keeps what it has borrowed, and reads in it what is written over it.",
    tests: FAULTS,
  },
  {
    file: `${SHARED}/mailbox.ts`,
    find: "if (count > this.#held)",
    replace: "if (false)",
    wrong: "Slots that a subscriber still reads count as given back when its count of them cannot be right.",
    tests: MAILBOX,
  },
  {
    file: `${SHARED}/mailbox.ts`,
    find: "if ((taken - this.#taken) >>> 0 > this.#unread)",
    replace: "if (false)",
    wrong: "A count of taken entries that is ahead of what was posted fills the mailbox for good: the stream is dead.",
    tests: MAILBOX,
  },
  {
    file: `${SHARED}/mailbox.ts`,
    find: "if (this.#isHeld[slot] !== 1) throw",
    replace: "if (false) throw",
    wrong: "A slot that was given back twice is not noticed, and the one that was meant stays lent.",
    tests: MAILBOX,
  },
  {
    file: `${STREAM}/remote-subscription.ts`,
    find: "if (messages > this.#untakenMessages || bytes > this.#untakenBytes)",
    replace: "if (false)",
    wrong: "A subscriber that claims to have taken more than it got is sent messages without a limit.",
    tests: FAULTS,
  },
  {
    file: `${SHARED}/mailbox-reader.ts`,
    find: "if (check !== 0 || entry[ENTRY_NUMBER] !== this.#taken)",
    replace: "if (false)",
    wrong: "An entry that was written over is believed: an old message is delivered again, or with another time.",
    tests: MAILBOX,
  },
  {
    file: `${SHARED}/mailbox-reader.ts`,
    find: "if (told <= ENTRIES && this.#unread < told)",
    replace: "if (false)",
    wrong: "A count of entries that went back hides messages for good.",
    tests: MAILBOX,
  },
  {
    file: `${STREAM}/remote-subscription.ts`,
    find: "for (const { ring, posted } of stalled)",
    replace: "for (const { ring, posted } of stalled.slice(stalled.length))",
    wrong: "A stream whose bell was lost is dead until something else wakes its subscriber.",
    tests: FAULTS,
  },
  {
    file: `${SHARED}/posix.ts`,
    find: 'if (fcntl(fd, F_ADD_SEALS, "int", FIXED_SIZE) !== 0)',
    replace: "if (false)",
    wrong: "A subscriber that truncates the memory kills its publisher and all other subscribers.",
    tests: [...MAILBOX, ...FAULTS],
  },
  {
    file: `${SHARED}/posix.ts`,
    find: "if (size < bytes)",
    replace: "if (false)",
    wrong: "A publisher that offers more memory than there is kills its subscribers.",
    tests: PEERS,
  },
  {
    file: `${SHARED}/posix.ts`,
    find: "if (seals < 0 || (seals & FIXED_SIZE) !== FIXED_SIZE)",
    replace: "if (false)",
    wrong: "A publisher that offers memory without seals can kill its subscribers.",
    tests: PEERS,
  },
  {
    file: `${STREAM}/remote-subscription.ts`,
    find: "    memory.fault();\n",
    replace: "",
    wrong: "Slots are written again while a subscriber whose mailbox was at fault still reads them.",
    tests: FAULTS,
  },
  {
    file: `${STREAM}/delivery.ts`,
    find: "if (!(publishedMs >= 0 && publishedMs <= MAX_TIME_MS))",
    replace: "if (false)",
    wrong: "A message without a time is never too old: a robot follows a command of long ago.",
    tests: PEERS,
  },
  {
    file: `${STREAM}/data-connection.ts`,
    find: "if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS)",
    replace: "if (false)",
    wrong: "One connection with 50,000 subscriptions takes 270 MB of a worker.",
    tests: PEERS,
  },
  {
    file: `${STREAM}/hub.ts`,
    find: "if (this.#topics.get(topic.name) === topic) this.#topics.delete(topic.name);",
    replace: "",
    wrong: "Each stream that was ever asked for stays in the memory of a worker.",
    tests: PEERS,
  },
];
