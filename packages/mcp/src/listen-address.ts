import type { RunSettings } from "@dimos/core";

const DEFAULT_PORT = 9990;

/** Settings of a server, beside those of its run. */
export interface ListenConfig {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
}

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** Somebody has chosen this port; without that a free one will do when the usual one is taken. */
  readonly isPortFixed: boolean;
}

/** Where a server listens: its own settings first, then those of its run. */
export function listenAddress(config: ListenConfig, settings: RunSettings): ListenAddress {
  const port = config.port ?? settings.mcpPort;
  return { host: config.host ?? settings.mcpHost, port: port ?? DEFAULT_PORT, isPortFixed: port !== undefined };
}
