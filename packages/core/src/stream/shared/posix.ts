import { closeSync, constants, openSync } from "node:fs";
import { ALLOCATOR_LIMITS } from "./allocator-limits.ts";

const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
const MAP_FAILED = 0xffff_ffff_ffff_ffffn;
const MFD_CLOEXEC = 1;

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
  /** The memory that another process of this user has open as `fd`. */
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
  const mallopt = libc.func("int mallopt(int parameter, int value)");
  // Processes that are not workers were started without these limits.
  for (const { parameter, bytes } of ALLOCATOR_LIMITS) mallopt(parameter, bytes);
  const failed = (call: string) => new Error(`${call} failed with error ${koffi.errno()}`);
  const map = (fd: number, bytes: number): Mapping => {
    const address = mmap(null, bytes, PROT_READ_WRITE, MAP_SHARED, fd, 0) as bigint;
    if (BigInt.asUintN(64, address) === MAP_FAILED) throw failed("mmap");
    return { address, bytes, buffer: koffi.view(address, bytes) };
  };
  return {
    createMemory: (name, bytes) => {
      const fd = memfdCreate(name, MFD_CLOEXEC) as number;
      if (fd < 0) throw failed("memfd_create");
      if (ftruncate(fd, bytes) !== 0) {
        closeSync(fd);
        throw failed("ftruncate");
      }
      return { fd, ...map(fd, bytes) };
    },
    openMemory: (pid, fd, bytes) => {
      const own = openSync(`/proc/${pid}/fd/${fd}`, constants.O_RDWR);
      try {
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
