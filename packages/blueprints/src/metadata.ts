import { didYouMean } from "@dimos/rpc";
import { camelCase } from "./name-case.ts";
import { isRecord } from "./package-file.ts";

/** The version of the `dimos` field of package.json that this library reads. */
const API_VERSION = 1;

export interface Metadata {
  readonly namespace: string;
  readonly offers: readonly Offer[];
}

/** One blueprint or module as the package.json names it. */
export interface Offer {
  readonly kind: "blueprint" | "module";
  readonly name: string;
  /** Relative to the package, beginning with `./`. */
  readonly entry: string;
  readonly export: string;
  readonly description: string;
}

/** `metadata` is missing when nothing of the package can be offered; `problems` are whole sentences without a subject. */
export interface ParsedMetadata {
  readonly metadata?: Metadata;
  readonly problems: readonly string[];
}

const KEYS = ["apiVersion", "namespace", "blueprints", "modules"];
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** Checks the `dimos` field of a package.json. An unknown key is a problem that hides nothing; every other one hides the package. */
export function parseMetadata(field: unknown): ParsedMetadata {
  if (!isRecord(field)) return { problems: [`"dimos" is not an object`] };
  const version = versionProblem(field.apiVersion);
  if (version !== undefined) return { problems: [version] };

  const problems: string[] = [];
  const { namespace } = field;
  if (typeof namespace !== "string" || !NAME.test(namespace)) {
    problems.push(`"dimos.namespace" is not a name of letters, digits, "-" and "_", like "acme-rover"`);
  }
  const offers = [
    ...readGroup("blueprints", field.blueprints, blueprintOffer, problems),
    ...readGroup("modules", field.modules, moduleOffer, problems),
  ];
  if (problems.length > 0) return { problems };
  return { metadata: { namespace: namespace as string, offers }, problems: unknownKeys(field) };
}

function versionProblem(version: unknown): string | undefined {
  if (version === API_VERSION) return undefined;
  if (typeof version !== "number")
    return `"dimos.apiVersion" is missing or no number; write "apiVersion": ${API_VERSION}`;
  const remedy =
    version > API_VERSION
      ? "update dimos, or install an older version of this package"
      : "install a newer version of this package";
  return `it is written for dimos package API ${version}, and this dimos reads API ${API_VERSION}: ${remedy}`;
}

function readGroup(
  group: string,
  value: unknown,
  read: (path: string, name: string, value: unknown) => Offer | string,
  problems: string[],
): Offer[] {
  if (value === undefined) return [];
  if (!isRecord(value)) {
    problems.push(`"dimos.${group}" is not an object`);
    return [];
  }
  return Object.entries(value).flatMap(([name, entry]) => {
    const offer = read(`dimos.${group}.${name}`, name, entry);
    if (typeof offer !== "string") return [offer];
    problems.push(offer);
    return [];
  });
}

function blueprintOffer(path: string, name: string, value: unknown): Offer | string {
  if (!NAME.test(name)) return `"${path}" is not named with letters, digits, "-" and "_"`;
  const given = typeof value === "string" ? { entry: value } : value;
  if (!isRecord(given)) return `"${path}" is neither a path nor an object with "entry"`;
  const { entry, export: exportName = camelCase(name), description = "" } = given;
  if (!isEntry(entry)) return entryProblem(typeof value === "string" ? path : `${path}.entry`);
  if (typeof exportName !== "string" || exportName === "") return `"${path}.export" is not the name of an export`;
  if (typeof description !== "string") return `"${path}.description" is not text`;
  return { kind: "blueprint", name, entry, export: exportName, description };
}

function moduleOffer(path: string, name: string, value: unknown): Offer | string {
  if (!IDENTIFIER.test(name)) return `"${path}" is not named like a class`;
  if (!isEntry(value)) return entryProblem(path);
  return { kind: "module", name, entry: value, export: name, description: "" };
}

function isEntry(value: unknown): value is string {
  return typeof value === "string" && /^\.\/./.test(value) && !value.split("/").includes("..");
}

function entryProblem(path: string): string {
  return `"${path}" is not a path inside the package that begins with "./"`;
}

function unknownKeys(field: Record<string, unknown>): string[] {
  return Object.keys(field)
    .filter((key) => !KEYS.includes(key))
    .map((key) => `"dimos.${key}" is not known and was ignored.${didYouMean(key, KEYS)}`);
}
