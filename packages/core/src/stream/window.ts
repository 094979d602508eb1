/** What a `keep: "all"` subscriber in another process may not have taken yet: of small messages so many that neither side stands still. */
export const WINDOW_MESSAGES = 8192;
export const WINDOW_BYTES = 16 * 1024 * 1024;
