import { acceptanceTest } from "./acceptance-test.ts";

acceptanceTest("warehouse", { isNightly: true });
