import { connect, DimosError } from "@dimos/rpc";

class OutOfBatteryError extends DimosError {
  constructor(message: string) {
    super("OUT_OF_BATTERY", message);
  }
}

export const connectWithErrors = (endpoint: string) =>
  connect(endpoint, { errors: new Map([["OUT_OF_BATTERY", (wire) => new OutOfBatteryError(wire.message)]]) });
