/** A worker as placement sees it: how many modules it has, and whether it is kept for one. */
export interface WorkerLoad {
  readonly name: string;
  readonly modules: number;
  readonly dedicated: boolean;
  /** Groups of the modules it has. */
  readonly groups?: readonly string[] | undefined;
}

export interface PlacementRequest {
  readonly instance: string;
  readonly dedicated: boolean;
  /** Modules of one group share a worker; a dedicated one is in none. */
  readonly group?: string | undefined;
}

export interface Placement {
  /** Worker name by instance. */
  readonly workers: ReadonlyMap<string, string>;
  /** Workers that have to be started for it. */
  readonly added: readonly string[];
}

/** Where a module, or all modules of a group, go. Pure: the same question has the same answer. */
export interface PlacementPolicy {
  /**
   * One of the shared workers, or undefined to start another.
   *
   * @param shared never those that are kept for one module
   * @param canGrow more workers may be started
   */
  choose(shared: readonly WorkerLoad[], canGrow: boolean): WorkerLoad | undefined;
}

/** An idle worker, a new one while there may be more, then the one with the fewest modules; of equals, the oldest. */
const LEAST_LOADED: PlacementPolicy = {
  choose(shared, canGrow) {
    const [first, ...others] = shared;
    if (first === undefined) return undefined;
    const least = others.reduce((best, worker) => (worker.modules < best.modules ? worker : best), first);
    return least.modules > 0 && canGrow ? undefined : least;
  },
};

/**
 * Chooses a worker for each module: a dedicated one gets a new worker to itself, a group goes where it is already, and
 * everything else where the policy says, among up to `nWorkers` shared workers that are started when first needed.
 *
 * @param newName gives the name of a worker to be started
 */
export function placeModules(
  requests: readonly PlacementRequest[],
  running: readonly WorkerLoad[],
  nWorkers: number,
  newName: () => string,
  policy: PlacementPolicy = LEAST_LOADED,
): Placement {
  const shared = running.filter((worker) => !worker.dedicated);
  const workers = new Map<string, string>();
  const added: string[] = [];
  const start = () => {
    const name = newName();
    added.push(name);
    return name;
  };
  for (const unit of unitsOf(requests)) {
    if (unit.dedicated) {
      for (const instance of unit.instances) workers.set(instance, start());
      continue;
    }
    const home = shared.find((worker) => unit.group !== undefined && worker.groups?.includes(unit.group));
    const chosen = home ?? policy.choose(shared, shared.length < nWorkers);
    const load = chosen ?? { name: start(), modules: 0, dedicated: false };
    const loaded = {
      ...load,
      modules: load.modules + unit.instances.length,
      groups: [...(load.groups ?? []), ...(unit.group === undefined ? [] : [unit.group])],
    };
    shared.splice(chosen === undefined ? shared.length : shared.indexOf(chosen), 1, loaded);
    for (const instance of unit.instances) workers.set(instance, load.name);
  }
  return { workers, added };
}

/** What is placed as one: a module, or all the modules of a group, where the first of them stands. */
interface Unit {
  readonly instances: readonly string[];
  readonly dedicated: boolean;
  readonly group: string | undefined;
}

function unitsOf(requests: readonly PlacementRequest[]): Unit[] {
  const isGrouped = ({ dedicated, group }: PlacementRequest) => !dedicated && group !== undefined;
  const groups = Map.groupBy(requests.filter(isGrouped), ({ group }) => group);
  return requests.flatMap((request) => {
    const { instance, dedicated, group } = request;
    if (!isGrouped(request)) return { instances: [instance], dedicated, group: undefined };
    const members = groups.get(group) ?? [];
    return members[0] === request ? { instances: members.map((member) => member.instance), dedicated, group } : [];
  });
}
