/**
 * Everything that a terminal obeys, and a line of a log that nobody wrote. The colour is one that the command itself does
 * not use.
 */
export const FORGED =
  "\n12:00:00,000Z error Arm: forged\r\x1b[2J\x1b[45m\x07\x08\x0b\x7f\u0085\u009b31m\u2028\u202e\u2066\ud800$(touch forged)";

/** Without half a character, which no key of an object may have on the wire. */
export const FORGED_WHOLE = FORGED.replace("\ud800", "");

export const FORGED_METHOD = `name${FORGED}` as const;
export const FORGED_SKILL = `skill${FORGED}` as const;
