import { z } from "zod";

/** builtin_interfaces/Time: whole seconds and the nanoseconds after them, 0 to 999 999 999. */
export const Time = z.object({
  sec: z.int(),
  nsec: z.int().min(0).max(999_999_999),
});
export type Time = z.infer<typeof Time>;
