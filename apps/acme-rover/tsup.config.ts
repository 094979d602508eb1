import { modulePackage } from "@dimos/core/tsup";

export default modulePackage();
