import { acceptanceTest } from "./acceptance-test.ts";

acceptanceTest("office");
