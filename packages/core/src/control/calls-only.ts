import { AccessDeniedError, type RpcHandler, type RpcMethods } from "@dimos/rpc";
import { CONTROL } from "./protocol.ts";

/** What those may do who show the `callToken`, besides calling methods and skills. The emergency stop is everybody's. */
const OPEN = [CONTROL.directory, CONTROL.health, CONTROL.estop];

/** The part of a run's methods that is open with its `callToken`: no reads of deep paths, no streams, no changes. */
export function callsOnly(methods: RpcMethods): RpcMethods {
  const call = methods.get(CONTROL.call) as RpcHandler;
  return new Map([
    ...OPEN.map((name) => [name, methods.get(name) as RpcHandler] as const),
    [
      CONTROL.call,
      (args, context) => {
        const [instance, method] = args;
        // The handlers of deep paths stand beside the declared methods.
        if (/(^|\.)\$/.test(String(method)))
          throw new AccessDeniedError(`This token is for methods and skills: ${instance} cannot be read with it`);
        return call(args, context);
      },
    ],
  ]);
}
