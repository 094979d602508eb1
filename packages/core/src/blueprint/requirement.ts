/** A module that is about to be started, as a requirement sees it. */
export interface RequiredModule {
  /** `robot0/Camera` */
  readonly instance: string;
  readonly className: string;
  /** All its settings with the values that count, defaults included. */
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * A condition outside of dimos (a device, a file), or between the settings of several modules; returns a sentence when it
 * is not met.
 */
export type Requirement = (plan: {
  readonly modules: readonly RequiredModule[];
}) => string | undefined | Promise<string | undefined>;
