/** The part of tsup's options that the preset sets. */
export interface ModulePackageOptions {
  readonly entry: string[];
  readonly format: "esm";
  readonly target: string;
  readonly clean: boolean;
  readonly silent: boolean;
  readonly splitting: boolean;
  readonly keepNames: boolean;
  readonly esbuildPlugins: ModulePackagePlugin[];
}

interface ModulePackagePlugin {
  readonly name: string;
  setup(build: PluginBuild): void;
}

interface PluginBuild {
  onResolve(
    filter: { readonly filter: RegExp },
    resolve: (args: {
      readonly path: string;
      readonly kind: string;
    }) => { readonly path: string; readonly external: true } | undefined,
  ): void;
}

/**
 * tsup options for a package that holds modules: one output file per source file, class names kept. A worker imports the
 * file that a module's `source` names and looks for the class by its name, so modules must not be bundled or renamed.
 *
 * `tsup.config.ts`: `export default modulePackage();`
 */
export function modulePackage(): ModulePackageOptions {
  return {
    entry: ["src/**/*.ts", "!src/**/*.test.ts"],
    format: "esm",
    target: "node22",
    clean: true,
    silent: true,
    splitting: false,
    keepNames: true,
    esbuildPlugins: [oneFilePerSource],
  };
}

/** Leaves relative imports as they are, but for their ending. */
const oneFilePerSource: ModulePackagePlugin = {
  name: "one-file-per-source",
  setup(build) {
    build.onResolve({ filter: /^\.\.?\// }, ({ path, kind }) =>
      kind === "entry-point" ? undefined : { path: path.replace(/\.ts$/, ".js"), external: true },
    );
  },
};
