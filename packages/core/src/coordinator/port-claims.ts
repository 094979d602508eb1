import { MODULE } from "../brand.ts";
import type { GlobalConfig } from "../config/global-config.ts";
import { BlueprintError } from "../errors.ts";
import { runSettingsOf } from "../module/module-run.ts";
import type { PortClaim } from "../module/spec.ts";
import { parseInput } from "../parse-input.ts";
import { claimsOf } from "../worker/claimed-ports.ts";
import type { PlannedEntry } from "./plan.ts";

type OwnedClaim = PortClaim & { readonly instance: string };

const EVERY_ADDRESS: ReadonlySet<string | undefined> = new Set([undefined, "0.0.0.0", "::"]);

/**
 * Fails when modules of one load claim the same port, with the names of both: each finds it free before either binds it.
 * Modules whose class only a client has imported are not known here.
 */
export async function checkPortClaims(entries: readonly PlannedEntry[], config: GlobalConfig): Promise<void> {
  const settings = runSettingsOf(config);
  const claims: OwnedClaim[] = [];
  for (const { instance, moduleClass, config: raw } of entries) {
    const spec = moduleClass?.[MODULE];
    if (spec?.ports === undefined) continue;
    const own = spec.config === undefined ? {} : await parseInput(spec.config, raw, `config of ${instance}`);
    const known = { config: own as Readonly<Record<string, unknown>>, settings };
    claims.push(...claimsOf(spec, known).map((claim) => ({ ...claim, instance })));
  }
  const problems = claims.flatMap((claim, index) => {
    const first = claims.slice(0, index).find((other) => isSame(other, claim));
    return first === undefined ? [] : [describe(first, claim)];
  });
  if (problems.length > 0) throw new BlueprintError(problems.join("\n"));
}

function isSame(a: OwnedClaim, b: OwnedClaim): boolean {
  if (a.instance === b.instance || a.port !== b.port || a.port === 0) return false;
  return a.host === b.host || EVERY_ADDRESS.has(a.host) || EVERY_ADDRESS.has(b.host);
}

function describe(first: OwnedClaim, second: OwnedClaim): string {
  const remedy = second.remedy ?? "Give one of them another port";
  return `${first.instance} and ${second.instance} both want port ${second.port}. ${remedy}`;
}
