import { didYouMean } from "@dimos/rpc";
import { RefUnresolvedError } from "../errors.ts";
import type { RefShape } from "../module/shape.ts";
import type { PlannedModule } from "./streams.ts";

/** A module that references may point to; `methods` is undefined until it was constructed and described. */
export interface RefCandidate extends PlannedModule {
  readonly methods: ReadonlySet<string> | undefined;
}

export type RefResolution =
  | { readonly kind: "module"; readonly instance: string }
  | { readonly kind: "disabled"; readonly instances: readonly string[] }
  | { readonly kind: "absent" }
  /** By methods, while candidates are not constructed yet. */
  | { readonly kind: "later" };

/** One reference of one module, and what it points to; a string says what is wrong. */
export interface RefOutcome {
  readonly instance: string;
  readonly ref: RefShape;
  readonly outcome: RefResolution | string;
}

/** What each reference of each module points to: `instance.ref` → resolution. All problems are reported at once. */
export function resolveRefs(
  modules: readonly PlannedModule[],
  candidates: readonly RefCandidate[],
): Map<string, RefResolution> {
  const resolutions = new Map<string, RefResolution>();
  const problems: string[] = [];
  for (const { instance, ref, outcome } of tryResolveRefs(modules, candidates)) {
    if (typeof outcome === "string") problems.push(outcome);
    else resolutions.set(`${instance}.${ref.name}`, outcome);
  }
  if (problems.length > 0) throw new RefUnresolvedError(problems);
  return resolutions;
}

/** The same as data, problems included. */
export function tryResolveRefs(modules: readonly PlannedModule[], candidates: readonly RefCandidate[]): RefOutcome[] {
  return modules.flatMap((module) =>
    module.shape.refs.map((ref) => ({
      instance: module.instance,
      ref,
      outcome: resolveRef(module, ref, candidates),
    })),
  );
}

/** Looks in the module's own namespace first, then outwards; a string says what is wrong. */
function resolveRef(module: PlannedModule, ref: RefShape, candidates: readonly RefCandidate[]): RefResolution | string {
  const pinned = module.refTargets[ref.name];
  if (pinned !== undefined) return resolvePinned(module, ref, pinned, candidates);
  const others = candidates.filter((candidate) => candidate.instance !== module.instance);
  const inReach = new Set(scopes(module.namespace));
  const waiting =
    ref.classId === undefined &&
    others.some(({ disabled, methods, namespace }) => !disabled && methods === undefined && inReach.has(namespace));
  if (waiting) return { kind: "later" };
  for (const scope of scopes(module.namespace)) {
    const found = others.filter(
      (candidate) => candidate.namespace === scope && !candidate.disabled && satisfies(candidate, ref),
    );
    if (found.length > 1) return ambiguous(module, ref, found);
    if (found[0] !== undefined) return { kind: "module", instance: found[0].instance };
  }
  const disabled = others.filter(
    (candidate) => candidate.disabled && inReach.has(candidate.namespace) && mightSatisfy(candidate, ref),
  );
  if (ref.optional) return { kind: "absent" };
  if (disabled.length > 0) return { kind: "disabled", instances: disabled.map((candidate) => candidate.instance) };
  return missing(module, ref, others);
}

function resolvePinned(
  module: PlannedModule,
  ref: RefShape,
  pinned: string,
  candidates: readonly RefCandidate[],
): RefResolution | string {
  const name = `${module.instance}.${ref.name}`;
  const target = candidates.find((candidate) => candidate.instance === pinned);
  if (target === undefined) {
    const known = candidates.map((candidate) => candidate.instance);
    return `${name} is pinned to "${pinned}", which is not in the blueprint.${didYouMean(pinned, known)}`;
  }
  if (target.disabled) return ref.optional ? { kind: "absent" } : { kind: "disabled", instances: [pinned] };
  if (ref.classId === undefined && target.methods === undefined) return { kind: "later" };
  if (satisfies(target, ref)) return { kind: "module", instance: pinned };
  const lacking = ref.methods.filter((method) => target.methods?.has(method) !== true);
  return `${name} is pinned to ${pinned}, which ${ref.classId === undefined ? `has no ${lacking.join(", ")}` : `is no ${ref.label}`}`;
}

function satisfies(candidate: RefCandidate, ref: RefShape): boolean {
  if (ref.classId !== undefined) return candidate.shape.classChain.includes(ref.classId);
  return candidate.methods !== undefined && ref.methods.every((method) => candidate.methods?.has(method));
}

/** A disabled module is never constructed, so its methods are unknown. */
function mightSatisfy(candidate: RefCandidate, ref: RefShape): boolean {
  return ref.classId === undefined || satisfies(candidate, ref);
}

/** `a/b` → `a/b`, `a`, and the outermost. */
function scopes(namespace: string): string[] {
  const parts = namespace === "" ? [] : namespace.split("/");
  return [...parts.map((_, index) => parts.slice(0, parts.length - index).join("/")), ""];
}

function ambiguous(module: PlannedModule, ref: RefShape, found: readonly RefCandidate[]): string {
  const names = found.map((candidate) => candidate.instance);
  const wanted = ref.classId === undefined ? ref.label : `one ${ref.label}`;
  return `${module.instance}.${ref.name} needs ${wanted}, and several are there: ${names.join(", ")}. ${remedy(module, ref, names[0])}`;
}

function missing(module: PlannedModule, ref: RefShape, others: readonly RefCandidate[]): string {
  const elsewhere = others.filter((candidate) => satisfies(candidate, ref)).map((candidate) => candidate.instance);
  const hint =
    elsewhere.length > 0
      ? `It is in another namespace: ${elsewhere.join(", ")}. ${remedy(module, ref, elsewhere[0])}`
      : `Add one to the blueprint, or declare the reference optional(...). Modules there: ${others.map((other) => other.instance).join(", ") || "none"}`;
  return `${module.instance}.${ref.name} needs ${ref.label}, and there is none. ${hint}`;
}

function remedy(module: PlannedModule, ref: RefShape, target: string | undefined): string {
  return `Choose with .remappings([["${module.instance}", "${ref.name}", "${target}"]])`;
}
