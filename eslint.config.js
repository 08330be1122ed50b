const js = require("@eslint/js");
const ts = require("typescript-eslint");

/** The wall clock and unseeded randomness: outside harness/time they would make a history differ from run to run. */
const nondeterminism = [
  { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: "Take the time from the injected Clock." },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: "Take the time from the injected Clock." },
  { selector: "CallExpression[callee.name='Date']", message: "Take the time from the injected Clock." },
  { selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']", message: "Take randomness from the injected Random." },
  { selector: "CallExpression[callee.name=/^(setTimeout|setInterval)$/]", message: "Wait on the injected Clock." },
  { selector: "ImportDeclaration[source.value=/^(node:)?timers/]", message: "Wait on the injected Clock." },
  { selector: "CallExpression[callee.name=/^(randomUUID|randomBytes|randomInt|getRandomValues)$/]", message: "Take randomness from the injected Random." },
  { selector: "CallExpression[callee.property.name=/^(randomUUID|randomBytes|randomInt|getRandomValues)$/]", message: "Take randomness from the injected Random." },
  { selector: "MemberExpression[object.name='performance'][property.name='now']", message: "Take the time from the injected Clock." },
  { selector: "MemberExpression[object.name='process'][property.name='hrtime']", message: "Take the time from the injected Clock." },
];

module.exports = ts.config(
  { ignores: ["node_modules/", "cdktf.out/", ".cache/", "reports/", "coverage/", ".venv/"] },
  js.configs.recommended,
  ...ts.configs.recommended,
  {
    languageOptions: { globals: { require: "readonly", module: "writable", process: "readonly", __dirname: "readonly" } },
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-require-imports": "off",
      "eqeqeq": "error",
    },
  },
  { files: ["harness/**/*.ts"], ignores: ["harness/time/system-clock.ts"], rules: { "no-restricted-syntax": ["error", ...nondeterminism] } },
);
