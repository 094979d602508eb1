/** What a worker asks for when a skill begins that uses capabilities. Plain data: it travels to the coordinator. */
export interface LeaseRequest {
  /** Chosen by the asker, unguessable: who knows it may borrow what it holds. */
  readonly lease: string;
  /** Full names, with the namespace of the robot: `robot0/movement`. */
  readonly capabilities: readonly string[];
  readonly instance: string;
  /** `UnitreeSkills.relativeMove`. */
  readonly skill: string;
  readonly lifecycle: "instant" | "background";
  readonly endedBy: string | undefined;
  /** The lease of the skill that called this one, if any. */
  readonly lentBy: string | undefined;
  /** How long it may wait for others. */
  readonly waitMs: number;
}

/** Who gives leases: the coordinator, or what stands for it in a worker. */
export interface LeaseAuthority {
  /** Resolves when all capabilities are held; rejects when they are refused. */
  acquire(request: LeaseRequest): Promise<void>;
  /** Gives back what the lease holds, or takes back the request. */
  release(lease: string): void;
}

/** A held capability, for people. */
export interface CapabilityHolder {
  readonly capability: string;
  readonly skill: string;
  readonly lifecycle: "instant" | "background";
  readonly worker: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** The full name of a capability: a robot's own in its namespace. */
export function capabilityName(namespace: string, capability: string): string {
  return namespace === "" ? capability : `${namespace}/${capability}`;
}
