import { distance } from "fastest-levenshtein";

/**
 * The known names closest to a wanted one, best first: equal but for case and separators, then one a part of the
 * other, then few edits apart. Empty when nothing is near enough to be meant.
 */
export function suggest(wanted: string, known: Iterable<string>, max = 3): string[] {
  const target = normalize(wanted);
  if (target === "") return [];
  const scored: { name: string; score: number }[] = [];
  for (const name of new Set(known)) {
    const score = difference(target, normalize(name));
    if (score !== undefined) scored.push({ name, score });
  }
  scored.sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1));
  // Beside a name that only needs completing, looser guesses are noise.
  const worst = (scored[0]?.score ?? 0) < 1 ? 1 : Number.POSITIVE_INFINITY;
  return scored
    .filter(({ score }) => score < worst)
    .slice(0, max)
    .map(({ name }) => name);
}

/** ` Did you mean "x" or "y"?` with a leading space, or an empty string when nothing is near. */
export function didYouMean(wanted: string, known: Iterable<string>): string {
  const names = suggest(wanted, known).map((name) => JSON.stringify(name));
  const last = names.pop();
  if (last === undefined) return "";
  return names.length === 0 ? ` Did you mean ${last}?` : ` Did you mean ${names.join(", ")} or ${last}?`;
}

/** `goHome`, `go-home`, `Go_Home` and `_goHome` are one name to a person who mistypes it. */
function normalize(name: string): string {
  // Longer names are not typed by hand, and edit distance is quadratic.
  return name
    .slice(0, 128)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "");
}

/** 0 equal, below 1 one completes the other, below 2 a part, below 3 few edits, then a mistyped beginning. */
function difference(wanted: string, known: string): number | undefined {
  if (wanted === known) return 0;
  const shorter = Math.min(wanted.length, known.length);
  const longer = Math.max(wanted.length, known.length);
  if (shorter >= 3) {
    if (known.startsWith(wanted) || wanted.startsWith(known)) return 0.1 + (0.8 * (longer - shorter)) / longer;
    if (known.includes(wanted) || wanted.includes(known)) return 1 + (longer - shorter) / longer;
  }
  const edits = distance(wanted, known);
  const allowed = areLettersSwapped(wanted, known) ? 2 : Math.max(1, Math.floor(longer / 3));
  if (edits <= Math.min(allowed, longer / 2)) return 2 + edits / longer;
  const beginning = distance(wanted, known.slice(0, wanted.length));
  return beginning <= wanted.length / 5 ? 3 + beginning / wanted.length : undefined;
}

function areLettersSwapped(a: string, b: string): boolean {
  return a.length === b.length && [...a].sort().join("") === [...b].sort().join("");
}
