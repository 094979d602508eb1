/** What the system says about a file, as the end of a sentence that names it, with the remedy. */
const FAULTS: Readonly<Record<string, string>> = {
  EACCES: "permission is denied. Give this user access to it (chmod, chown), or use another path",
  EPERM: "the system does not permit it. Give this user access to it (chmod, chown), or use another path",
  EROFS: "its file system is read-only. Use a path that can be written",
  ENOENT: "it does not exist. Check the path",
  ENOTDIR: "a part of its path is a file, not a directory. Check the path",
  EEXIST: "a file is in the place of a directory. Remove it, or use another path",
  EISDIR: "it is a directory, not a file. Check the path",
  ELOOP: "its symbolic links lead nowhere. Check the path",
  ENAMETOOLONG: "its path is too long. Use a shorter one",
  ENXIO: "it has no other end that could be read. Use a file",
  ENOSPC: "the disk is full. Free some space",
  EDQUOT: "the disk quota of this user is used up. Free some space",
  EMFILE: "this process has too many open files. Raise the limit (ulimit -n 4096)",
  ENFILE: "the system has too many open files. Close some programs",
  EIO: "the device failed (EIO). Check the disk",
};

/** Why a file could not be used, and what to do: `the disk is full. Free some space`. Without a code of the system, the error's own message. */
export function fileFault(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  return (code === undefined ? undefined : FAULTS[code]) ?? error.message;
}

/** Whether an error is the system's answer about a file, which no part of dimos has explained yet. */
export function isFileFault(error: unknown): error is NodeJS.ErrnoException {
  if (!(error instanceof Error)) return false;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  const isOfFile = typeof path === "string" || syscall === "read" || syscall === "write" || syscall === "fsync";
  return isOfFile && code !== undefined && code in FAULTS;
}
