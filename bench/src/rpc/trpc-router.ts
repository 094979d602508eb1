import { initTRPC } from "@trpc/server";
import { z } from "zod";

const { router, procedure } = initTRPC.create();

/** JSON cannot carry bytes: they go as base64, which is what tRPC's users do. */
export const echoRouter = router({
  echo: procedure.input(z.unknown()).mutation(({ input }) => input),
});

export type EchoRouter = typeof echoRouter;
