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

/** Each folder of harness/ and what it may not import: imports go one way, and stacks never meet harness. */
const OTHER_HALF = "(^|/)(stacks|functions)/";
const forbid = (pattern, why) => ({ "no-restricted-imports": ["error", { patterns: [{ regex: pattern, message: why }] }] });
const inHarness = (pattern, why) => forbid(`${OTHER_HALF}|${pattern}`, `${why} harness/ never imports stacks/ or functions/.`);
/** The folders of harness/, from the lowest up. */
const FOLDERS = ["model", "time", "asl", "region", "targets", "checks", "report", "runner", "console", "command", "serve"];
/** Imports of that folder and of all above it. */
const above = (lowest) => `^(\\.\\./)+(${[...FOLDERS.slice(FOLDERS.indexOf(lowest)), "cli"].join("|")})($|/)`;

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
  { files: ["harness/**/*.ts"], rules: forbid(OTHER_HALF, "harness/ reads the synthesized Terraform, never the stacks that make it.") },
  { files: ["stacks/**/*.ts", "functions/**/*.ts"], rules: forbid("(^|/)harness/", "stacks/ and functions/ never import harness/.") },
  { files: ["harness/{model,time}/**/*.ts"], rules: inHarness(above("asl"), "model/ and time/ import nothing above them.") },
  { files: ["harness/asl/**/*.ts"], rules: inHarness(above("region"), "asl/ imports only model/ and time/.") },
  { files: ["harness/{checks,report}/**/*.ts"], rules: inHarness(above("time"), "checks/ and report/ import only model/.") },
  { files: ["harness/region/**/*.ts"], rules: inHarness(above("targets"), "region/ imports only model/, time/ and asl/.") },
  { files: ["harness/targets/**/*.ts"], rules: inHarness(above("checks"), "targets/ imports only model/, time/, asl/ and region/.") },
  { files: ["harness/runner/**/*.ts"], rules: inHarness(above("console"), "runner/ imports nothing of what shows its runs or starts them.") },
  { files: ["harness/console/**/*.ts"], rules: inHarness(above("command"), "console/ imports nothing of the commands.") },
  { files: ["harness/command/**/*.ts"], rules: inHarness(above("serve"), "command/ imports nothing of one command.") },
);
