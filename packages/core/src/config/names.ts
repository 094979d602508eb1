/** `robotIp` → `robot-ip`, `Go2Connection` → `go2-connection`, `robot0/Camera` → `robot0_camera`. */
export function kebabCase(name: string): string {
  return name
    .replaceAll("/", "_")
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .toLowerCase();
}

/** `nWorkers` → `N_WORKERS`. */
export function constantCase(name: string): string {
  return kebabCase(name).replaceAll("-", "_").toUpperCase();
}
