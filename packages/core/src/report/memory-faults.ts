/**
 * By stream, how often the shared memory that it is published in held what neither side can have written: a process writes
 * where it should not. Each time a subscriber got other memory, and after the third time the socket.
 */
export type MemoryFaults = Readonly<Record<string, number>>;
