import { createHash } from "node:crypto";

/** One skill of one module instance. */
export interface SkillPlace {
  readonly instance: string;
  readonly skill: string;
}

const MAX_LENGTH = 64;
const HASH_LENGTH = 8;

/**
 * The names that skills have as tools: `relativeMove` where only one instance has such a skill, else with the instance
 * before it, `robot0_UnitreeSkills_relativeMove`. The same skills always get the same names, in whatever order they come.
 *
 * @param reserved names that no skill may take
 */
export function toolNames<P extends SkillPlace>(places: readonly P[], reserved: ReadonlySet<string>): Map<string, P> {
  const sorted = places.toSorted((a, b) => compare(a.instance, b.instance) || compare(a.skill, b.skill));
  const counts = new Map<string, number>();
  for (const { skill } of sorted) counts.set(clean(skill), (counts.get(clean(skill)) ?? 0) + 1);
  const names = new Map<string, P>();
  const isShort = ({ skill }: P) => counts.get(clean(skill)) === 1 && !reserved.has(clean(skill));
  for (const place of sorted.filter(isShort)) names.set(clean(place.skill), place);
  for (const place of sorted) {
    if (isShort(place)) continue;
    const isTaken = (name: string) => names.has(name) || reserved.has(name);
    names.set(firstFree(qualifiedToolName(place), isTaken), place);
  }
  return names;
}

/** The name of a skill that holds whatever else runs, unless two instances differ in nothing but signs. */
export function qualifiedToolName({ instance, skill }: SkillPlace): string {
  return clean(`${instance}_${skill}`);
}

/** Clients take letters, digits, `_` and `-`, 64 at most. */
function clean(name: string): string {
  const allowed = name.replace(/[^a-zA-Z0-9_-]+/g, "_");
  if (allowed.length <= MAX_LENGTH) return allowed;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, HASH_LENGTH);
  return `${allowed.slice(0, MAX_LENGTH - HASH_LENGTH - 1)}_${hash}`;
}

function firstFree(name: string, isTaken: (name: string) => boolean): string {
  let free = name;
  for (let n = 2; isTaken(free); n++) free = `${name.slice(0, MAX_LENGTH - `_${n}`.length)}_${n}`;
  return free;
}

/** By code units, the same in every locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
