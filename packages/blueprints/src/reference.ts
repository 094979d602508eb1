/** A name as people type it, told apart by how it is written. */
export type Reference =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "file"; readonly path: string; readonly export: string | undefined }
  | {
      readonly kind: "package";
      readonly package: string;
      /** `"."`, or `"./patrol"` for `@acme/rover/patrol`. */
      readonly subpath: string;
      readonly export: string | undefined;
    };

const PATH = /^(\.{1,2}\/|\/|file:\/\/)/;
const SCRIPT = /\.[cm]?[jt]s$/;
const PACKAGE = /^(@[^/]+\/[^/]+|[^@./][^/]*)(\/.+)?$/;

/** `patrol`, `acme-rover.patrol`, `./bot.ts`, `./bot.ts#patrol`, `@acme/rover#patrol`, `@acme/rover/patrol#patrol`. */
export function parseReference(text: string): Reference {
  const hash = text.lastIndexOf("#");
  const place = hash === -1 ? text : text.slice(0, hash);
  const exportName = hash === -1 || hash === text.length - 1 ? undefined : text.slice(hash + 1);

  const scoped = place.startsWith("@");
  if (PATH.test(place) || (SCRIPT.test(place) && !scoped)) return { kind: "file", path: place, export: exportName };
  const [, packageName, subpath = ""] = PACKAGE.exec(place) ?? [];
  if (packageName !== undefined && (scoped || hash !== -1)) {
    return { kind: "package", package: packageName, subpath: `.${subpath}`, export: exportName };
  }
  return { kind: "name", name: text };
}
