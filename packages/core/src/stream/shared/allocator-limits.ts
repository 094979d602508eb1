const MIB = 1024 * 1024;

/**
 * Large buffers that come and go stay with the process: getting their pages anew from the system costs nine times a copy into
 * them. What `mallopt` of the GNU C library takes, and the environment of a new process.
 */
export const ALLOCATOR_LIMITS = [
  { parameter: -3, variable: "MALLOC_MMAP_THRESHOLD_", bytes: 32 * MIB },
  { parameter: -1, variable: "MALLOC_TRIM_THRESHOLD_", bytes: 256 * MIB },
  { parameter: -2, variable: "MALLOC_TOP_PAD_", bytes: 16 * MIB },
] as const;

/** For a process that is to be started; what somebody has set already counts. */
export function allocatorEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(ALLOCATOR_LIMITS.map(({ variable, bytes }) => [variable, String(bytes)]));
}

/** The process has read it at its start: what it starts itself shall not. */
export function forgetAllocatorEnvironment(): void {
  for (const [variable, value] of Object.entries(allocatorEnvironment()))
    if (process.env[variable] === value) delete process.env[variable];
}
