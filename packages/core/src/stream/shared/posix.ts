import { closeSync, constants, fstatSync, openSync, readlinkSync } from "node:fs";
import { ALLOCATOR_LIMITS } from "./allocator-limits.ts";

const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
const MAP_FAILED = 0xffff_ffff_ffff_ffffn;
const MFD_CLOEXEC = 1;
const MFD_ALLOW_SEALING = 2;
const F_ADD_SEALS = 1033;
const F_GET_SEALS = 1034;
/** F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW: whoever has the memory open may write it, and neither resize it nor seal it further. */
const FIXED_SIZE = 1 | 2 | 4;
/** Names of memory begin so, and nothing else is opened because a peer names it. */
const PREFIX = "dimos:";

/** Memory that two processes see. Not reclaimed by anybody but `unmap`: whoever reads a view of it after that crashes. */
export interface Mapping {
  readonly address: bigint;
  readonly bytes: number;
  /** All of it. */
  readonly buffer: ArrayBuffer;
}

/** The calls of the operating system that Node does not offer. */
export interface Posix {
  /** Memory without a name in any file system: it is gone with the last process that has it, however that ends. */
  createMemory(name: string, bytes: number): Mapping & { readonly fd: number };
  /**
   * The memory that another process of this user has open as `fd`.
   *
   * @throws RangeError when that is not memory of dimos, or not of this size for good: reading past its end would end the process
   */
  openMemory(pid: number, fd: number, bytes: number): Mapping;
  view(mapping: Mapping, offset: number, bytes: number): ArrayBuffer;
  unmap(mapping: Mapping): void;
  close(fd: number): void;
}

/** Rejects where koffi is not installed or cannot be loaded, and where the system has no such memory. */
export async function loadPosix(): Promise<Posix> {
  if (process.platform !== "linux") throw new Error(`There is no memfd_create on ${process.platform}`);
  const { default: koffi } = await import("koffi");
  const libc = koffi.load(null);
  const memfdCreate = libc.func("int memfd_create(const char *name, unsigned int flags)");
  const ftruncate = libc.func("int ftruncate(int fd, int64_t length)");
  const mmap = libc.func("void *mmap(void *address, size_t length, int protection, int flags, int fd, int64_t offset)");
  const munmap = libc.func("int munmap(void *address, size_t length)");
  // Variadic in C: what comes after `...` is passed as the system's convention for that wants it.
  const fcntl = libc.func("int fcntl(int fd, int command, ...)");
  const mallopt = libc.func("int mallopt(int parameter, int value)");
  // Processes that are not workers were started without these limits.
  for (const { parameter, bytes } of ALLOCATOR_LIMITS) mallopt(parameter, bytes);
  const failed = (call: string) => new Error(`${call} failed with error ${koffi.errno()}`);
  // Writable on both sides: a subscriber that writes to what it has borrowed must not die of it.
  const map = (fd: number, bytes: number): Mapping => {
    const address = mmap(null, bytes, PROT_READ_WRITE, MAP_SHARED, fd, 0) as bigint;
    if (BigInt.asUintN(64, address) === MAP_FAILED) throw failed("mmap");
    return { address, bytes, buffer: koffi.view(address, bytes) };
  };
  return {
    createMemory: (name, bytes) => {
      const fd = memfdCreate(PREFIX + name, MFD_CLOEXEC | MFD_ALLOW_SEALING) as number;
      if (fd < 0) throw failed("memfd_create");
      try {
        if (ftruncate(fd, bytes) !== 0) throw failed("ftruncate");
        if (fcntl(fd, F_ADD_SEALS, "int", FIXED_SIZE) !== 0) throw failed("fcntl(F_ADD_SEALS)");
        return { fd, ...map(fd, bytes) };
      } catch (error) {
        closeSync(fd);
        throw error;
      }
    },
    openMemory: (pid, fd, bytes) => {
      const path = `/proc/${pid}/fd/${fd}`;
      // Opening a device or a pipe can block or have effects, so look before.
      const target = readlinkSync(path);
      if (!target.startsWith(`/memfd:${PREFIX}`)) throw new RangeError(`${path} is ${target}, and not memory of dimos`);
      const own = openSync(path, constants.O_RDWR);
      try {
        const seals = fcntl(own, F_GET_SEALS, "int", 0) as number;
        if (seals < 0 || (seals & FIXED_SIZE) !== FIXED_SIZE)
          throw new RangeError(`${path} is memory whose size can change under its readers`);
        const { size } = fstatSync(own);
        if (size < bytes) throw new RangeError(`${path} is ${size} bytes of memory, and ${bytes} were offered`);
        return map(own, bytes);
      } finally {
        closeSync(own);
      }
    },
    view: ({ address }, offset, bytes) => koffi.view(address + BigInt(offset), bytes),
    unmap: ({ address, bytes }) => void munmap(address, bytes),
    close: (fd) => closeSync(fd),
  };
}
