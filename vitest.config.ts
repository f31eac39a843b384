import { defineConfig } from "vitest/config";

/**
 * The fast suite. One process a file: terminating a worker thread inside a native session aborts a process. The time
 * limit is there for a test that hangs, not for a slow machine.
 */
export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/*.verify.test.ts", "node_modules/**"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
