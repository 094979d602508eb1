const EXTENSION = import.meta.url.endsWith(".ts") ? "ts" : "js";

/** The file that worker processes run: beside this one, from source as from the built package. */
export const WORKER_ENTRY = new URL(`./worker/main.${EXTENSION}`, import.meta.url);

/** The file of the thread that ends a worker whose coordinator is gone. */
export const GUARD_ENTRY = new URL(`./worker/guard.${EXTENSION}`, import.meta.url);

/** The file of the thread that bounds what a daemon prints. */
export const OUTPUT_LIMIT_ENTRY = new URL(`./log/output-limit.${EXTENSION}`, import.meta.url);
