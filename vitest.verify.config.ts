import { defineConfig } from "vitest/config";

/** The long checks behind the numbers that the project publishes: `npm run verify`. */
export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 1,
    include: ["src/**/*.verify.test.ts", "test/**/*.verify.test.ts"],
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
  },
});
