import type { SourceFile } from "../source-files.ts";

/** A worker as placement sees it: how many modules it has, and whether it is kept for one. */
export interface WorkerLoad {
  readonly name: string;
  readonly modules: number;
  readonly dedicated: boolean;
  /** Groups of the modules it has. */
  readonly groups?: readonly string[] | undefined;
  /** It has modules, and all of them run from a source that was edited since the run began. */
  readonly isEdited?: boolean;
  /** It does not respond: nothing new comes to it. */
  readonly isUnresponsive?: boolean;
  /** Hashes of the files that modules there were imported from, by path. It runs these for as long as it lives. */
  readonly files?: ReadonlyMap<string, string>;
}

export interface PlacementRequest {
  readonly instance: string;
  readonly dedicated: boolean;
  /** Modules of one group share a worker; a dedicated one is in none. */
  readonly group?: string | undefined;
  /** It runs from a source that was edited since the run began. */
  readonly isEdited?: boolean;
  /** Files that it will import, as far as they are known: it must not come to a worker that has another version of one. */
  readonly sources?: readonly SourceFile[] | undefined;
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
   * @param shared those that may have it: none that are kept for one module, or have another version of its files
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
 * everything else where the policy says, among up to `nWorkers` shared workers that are started when first needed. There
 * may be one more for each edited module: at most `nWorkers` have any other module, so that nothing else keeps such a
 * worker when its module leaves it.
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
    const isFull = shared.filter((worker) => worker.isEdited !== true).length >= nWorkers;
    const open = shared.filter(
      (worker) =>
        worker.isUnresponsive !== true &&
        canRun(worker, unit.sources) &&
        (unit.isEdited || worker.isEdited !== true || !isFull),
    );
    const home = open.find((worker) => unit.group !== undefined && worker.groups?.includes(unit.group));
    const chosen = home ?? policy.choose(open, shared.length < nWorkers);
    const load: WorkerLoad = chosen ?? { name: start(), modules: 0, dedicated: false };
    const loaded = {
      ...load,
      modules: load.modules + unit.instances.length,
      groups: [...(load.groups ?? []), ...(unit.group === undefined ? [] : [unit.group])],
      isEdited: unit.isEdited && (load.modules === 0 || load.isEdited === true),
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
  readonly isEdited: boolean;
  readonly sources: readonly SourceFile[];
}

/** Whether a module would run its files there as they are. */
function canRun({ files }: WorkerLoad, sources: readonly SourceFile[]): boolean {
  return sources.every(({ path, hash }) => (files?.get(path) ?? hash) === hash);
}

function unitsOf(requests: readonly PlacementRequest[]): Unit[] {
  const isGrouped = ({ dedicated, group }: PlacementRequest) => !dedicated && group !== undefined;
  const groups = Map.groupBy(requests.filter(isGrouped), ({ group }) => group);
  return requests.flatMap((request) => {
    const { dedicated, group } = request;
    const members = isGrouped(request) ? (groups.get(group) ?? []) : [request];
    if (members[0] !== request) return [];
    return {
      instances: members.map(({ instance }) => instance),
      dedicated,
      group: isGrouped(request) ? group : undefined,
      isEdited: members.every((member) => member.isEdited === true),
      sources: members.flatMap(({ sources = [] }) => sources),
    };
  });
}
