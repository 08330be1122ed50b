/**
 * Which module may import which: in one direction, from what is composed down to what it is made of, types included.
 * `npm run lint` holds this.
 */

/** Rooms from the lowest floor up: each imports only what stands on floors below its own. */
const HARNESS = [["model", "time"], ["asl"], ["region"], ["targets", "checks", "report"], ["runner"], ["console"], ["command"], ["serve", "arguments"], ["cli"]];
const REGION = [["shapes", "guest", "zones"], ["core"], ["wire", "authorization", "load"], ["services"], ["router"], ["region"]];
const ASL = [["jsonata", "jsonpath"], ["states"], ["parse"]];

const rooms = (folder, names) => `^${folder}/(${names.join("|")})(\\.ts$|/)`;

const floors = (folder, order) => order.map((names, floor) => ({
  name: `${folder}: ${names.join(", ")}`,
  comment: "Imports run downwards. What both need belongs further down, or is handed in.",
  severity: "error",
  from: { path: rooms(folder, names) },
  to: { path: rooms(folder, order.slice(floor).flat()), pathNot: `^${folder}/$1(\\.ts$|/)` },
}));

const never = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

module.exports = {
  forbidden: [
    never("no circles", "Modules that import each other, even for a type alone, hide a third: an interface beneath both, or a function that is handed in.", {}, { circular: true }),
    never("harness without stacks", "harness/ reads the synthesized Terraform, never the code that makes it.", { path: "^harness/" }, { path: "^(stacks|functions)/" }),
    never("stacks without harness", "What is deployed knows nothing of what proves it.", { path: "^(stacks|functions)/" }, { path: "^harness/" }),
    never("checks and reports", "checks/ and report/ import only model/.", { path: "^harness/(checks|report)/" }, { path: "^harness/", pathNot: "^harness/(model|$1)/" }),
    ...floors("harness", HARNESS),
    ...floors("harness/region", REGION),
    ...floors("harness/asl", ASL),
  ],
  options: {
    includeOnly: "^(main\\.ts$|(stacks|functions|harness|scripts|bench|__tests__)/)",
    tsPreCompilationDeps: true,
    skipAnalysisNotInRules: true,
    enhancedResolveOptions: { extensions: [".ts", ".js", ".json"] },
  },
};
