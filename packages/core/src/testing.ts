export { type TestedModule, type TestModuleOptions, testModule } from "./module/test-module.ts";
export { SimulationClock } from "./simulation-clock.ts";
