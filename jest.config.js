/** Tests mirror the folders under __tests__; swc strips the types (tsc checks them in `npm run types`). */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/__tests__"],
  testMatch: ["**/*.test.ts"],
  transform: { "^.+\\.ts$": ["@swc/jest"] },
  setupFiles: ["<rootDir>/harness/quiet.js", "<rootDir>/__tests__/seed.js"],
  testTimeout: 60000,
};
