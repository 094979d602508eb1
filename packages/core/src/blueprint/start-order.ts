/**
 * Groups instances so that each comes after everything it refers to; a cycle becomes one group.
 *
 * @param needs instance → instances it refers to (names outside the keys are ignored)
 */
export function startOrder(needs: ReadonlyMap<string, readonly string[]>): string[][] {
  const left = new Map(
    [...needs].map(([name, targets]) => [
      name,
      new Set(targets.filter((target) => target !== name && needs.has(target))),
    ]),
  );
  const groups: string[][] = [];
  while (left.size > 0) {
    const ready = [...left].filter(([, targets]) => targets.size === 0).map(([name]) => name);
    const group = ready.length > 0 ? ready : smallestCycle(left);
    groups.push(group);
    for (const name of group) left.delete(name);
    for (const targets of left.values()) for (const name of group) targets.delete(name);
  }
  return groups;
}

/** Of what is left, every member waits for another: the smallest set that waits only for itself. */
function smallestCycle(left: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const closures = [...left.keys()].map((name) => reachable(name, left));
  return closures.reduce((smallest, closure) => (closure.length < smallest.length ? closure : smallest));
}

function reachable(start: string, graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const seen = new Set([start]);
  for (const name of seen) for (const next of graph.get(name) ?? []) seen.add(next);
  return [...seen];
}
