import { acceptanceTest } from "./acceptance-test.ts";

acceptanceTest("maze");
