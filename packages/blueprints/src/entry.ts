/** A file and, when it is known before the import, the one of its exports that is meant. */
export interface Target {
  /** What people call it: `acme-rover.patrol`, `./bot.ts#patrol`, `@acme/rover#patrol`. */
  readonly label: string;
  /** Name of the package the file belongs to; `undefined` for a file outside every package. */
  readonly package: string | undefined;
  readonly version: string | undefined;
  /** Absolute path of the file to import. */
  readonly entry: string;
  /** `undefined`: the single Blueprint the file exports, else its single Module class. */
  readonly export: string | undefined;
}

/** A blueprint or module that a package offers in the `dimos` field of its package.json. Nothing of it is imported yet. */
export interface RegistryEntry extends Target {
  readonly kind: "blueprint" | "module";
  /** The name without the namespace; for a module, its class name. */
  readonly name: string;
  /** `<namespace>.<name>`; the same text as `label`. */
  readonly qualifiedName: string;
  readonly package: string;
  readonly version: string;
  /** One line for people; empty when the package gives none. */
  readonly description: string;
  readonly export: string;
  /** Offered by this project itself, not by one of its dependencies. */
  readonly own: boolean;
}

/** Something about one package that people should know; the rest of the registry is not affected. */
export interface RegistryWarning {
  readonly package: string;
  /** Absolute path of the package.json in question. */
  readonly file: string;
  readonly message: string;
}
