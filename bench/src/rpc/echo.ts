/** Sends a value to another process or thread, and resolves to what came back. */
export type Echo = (value: unknown) => Promise<unknown>;
