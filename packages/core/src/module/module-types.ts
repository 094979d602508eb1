/**
 * Module classes by name, for programs: a blueprint package adds its own with
 * `declare module "@dimos/core" { interface ModuleTypes { Camera: Camera } }`, and `app.Camera` is typed.
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is here to be augmented
export interface ModuleTypes {}
