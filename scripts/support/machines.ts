/** Instances: their types, how long things take, Spot requests, faults, metadata, and what their guests can do. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { DECODERS, FILE_FIELDS, MODULES } from "../../harness/region/guest/cloud-config";
import { COMMANDS, VERBS } from "../../harness/region/guest/commands";
import { HELPERS } from "../../harness/region/guest/helpers";
import { PACKAGES, PYTHON_PACKAGES } from "../../harness/region/guest/packages";
import { OWN_FOLDERS } from "../../harness/region/guest/script-text";
import { DIRECTIVES } from "../../harness/region/guest/unit-file";
import { FORMATS, PART_TYPES } from "../../harness/region/guest/user-data";
import { DEFAULT_SETTINGS, type Region } from "../../harness/region/region";
import { INSTANCE_TYPES } from "../../harness/region/services/ec2/catalog";
import { DEFAULT_EC2_SETTINGS } from "../../harness/region/services/ec2/settings";
import { SPOT_STATUS } from "../../harness/region/services/ec2/spot-request";
import { ACTIONS } from "../../harness/region/services/fis/actions";
import { DEFAULT_FIS_SETTINGS } from "../../harness/region/services/fis/experiment";
import { RESOURCE_TYPES } from "../../harness/region/services/fis/resource-types";
import { VERSIONS, type MetadataView } from "../../harness/region/services/imds";
import { buildTree } from "../../harness/region/services/imds/tree";
import { limitsOf } from "./limits";
import { code, codes, table, type Section } from "./markdown";
import { settingsTable } from "./settings";

export function instancesSection(region: Region): Section {
  return {
    title: "Instances",
    blocks: [],
    sections: [
      { title: "Instance types", blocks: [table(["family", "architecture", "sizes"], families())] },
      {
        title: "Settings",
        blocks: [
          "The region's own:", settingsTable("region/core/types.ts", "RegionSettings", DEFAULT_SETTINGS),
          "EC2's:", settingsTable("region/services/ec2/settings.ts", "Ec2Settings", DEFAULT_EC2_SETTINGS, { notices: "NoticeDelivery" }),
          "FIS's:", settingsTable("region/services/fis/experiment.ts", "FisSettings", DEFAULT_FIS_SETTINGS),
        ],
      },
      {
        title: "Spot requests' status codes",
        blocks: [table(["code", "state", "message"], Object.entries(SPOT_STATUS).map(([name, { state, message }]) => [code(name), state === undefined ? "as it was" : code(state), message]))],
      },
      {
        title: "Metadata paths",
        blocks: [
          `Below a version: ${codes(VERSIONS)}. \`MAC\`, \`PUBLIC-IP\` and \`ROLE\` stand for the instance's own; what does not apply to an instance, or not yet, is 404.`,
          codes(metadataPaths(region)),
          ...limitsOf("region/services/imds"),
        ],
      },
    ],
  };
}

function families(): string[][] {
  const found = new Map<string, { architecture: string; sizes: string[] }>();
  for (const { name, architecture } of INSTANCE_TYPES.values()) {
    const [family, size] = name.split(".") as [string, string];
    const entry = found.get(family) ?? { architecture, sizes: [] };
    entry.sizes.push(size);
    found.set(family, entry);
  }
  return [...found].map(([family, { architecture, sizes }]) => [code(family), architecture, codes(sizes)]);
}

/** An instance for which every leaf is there. */
const EVERYTHING: MetadataView = {
  instanceId: "i-0", instanceType: "m6i.large", architecture: "x86_64", imageId: "ami-0", reservationId: "r-0", launchIndex: 0, launchedAt: 0, zone: "us-east-1a", zoneId: "use1-az1",
  regionName: "us-east-1", partition: "aws", accountId: "123456789012", lifecycle: "spot", privateIp: "10.0.0.1", hostname: "host", publicIp: "PUBLIC-IP", publicHostname: "host", mac: "MAC", interfaceId: "eni-0",
  subnetId: "subnet-0", subnetCidr: "10.0.0.0/24", vpcId: "vpc-0", vpcCidr: "10.0.0.0/16", groups: [{ id: "sg-0", name: "default" }], userData: Buffer.from("#cloud-config"), detailedMonitoring: false,
  options: { httpEndpoint: "enabled", httpTokens: "required", hopLimit: 1, tags: "enabled" }, profile: { arn: "arn", id: "AIPA0", roleName: "ROLE" },
  assumeRole: () => undefined, renewsRole: () => true, tags: () => new Map([["KEY", ""]]), interruptionAt: () => 0, rebalanceAt: () => 0,
};

const metadataPaths = (region: Region): string[] => [...buildTree(EVERYTHING, region.clock).paths, "meta-data/tags/instance/KEY"].sort();

export function experimentsSection(): Section {
  const parameters = (of: Readonly<Record<string, { required: boolean; description: string }>>): string =>
    Object.entries(of).map(([name, { required, description }]) => `${code(name)}${required ? "" : " (optional)"}: ${description}`).join(" ");
  return {
    title: "Fault injection (FIS)",
    blocks: [
      table(["action", "target key and resource type", "parameters"], [...ACTIONS.values()].map((action) => [
        code(action.id), Object.entries(action.targets).map(([key, type]) => `${code(key)}: ${code(type)}`).join(", "), parameters(action.parameters),
      ])),
      table(["resource type", "what it is", "by tag"], Object.entries(RESOURCE_TYPES).map(([type, { description, byTag }]) => [code(type), description, byTag ? "yes" : "no"])),
    ],
  };
}

export function guestsSection(): Section {
  const python = pythonTables();
  return {
    title: "Guests: what runs on an instance",
    blocks: ["An instance's operating system is real processes on this machine, on the region's clock.", ...limitsOf("region/guest")],
    sections: [
      {
        title: "User data",
        blocks: [
          `Formats: what begins with ${codes(Object.keys(FORMATS))}, and multi-part archives with parts of the types ${codes(Object.keys(PART_TYPES))}; gzipped or not.`,
          `Scripts run once, as root's, in any interpreter that is there; their own files are those below ${codes(OWN_FOLDERS)}.`,
          `\`#cloud-config\` has the keys ${codes(Object.keys(MODULES))}. Files have ${codes(FILE_FIELDS)}, encodings are ${codes(Object.keys(DECODERS))}.`,
          `\`runcmd\` takes plain commands: ${codes(Object.keys(COMMANDS))}; systemctl's verbs are ${codes(Object.keys(VERBS))}.`,
          `Packages that a guest can stand in for (cloud-config's, \`yum\`'s and \`dnf\`'s): ${codes(Object.keys(PACKAGES))}; \`pip\`'s: ${codes(PYTHON_PACKAGES)}.`,
        ],
      },
      { title: "systemd units", blocks: [table(["section", "directives"], Object.entries(DIRECTIVES).map(([name, directives]) => [code(`[${name}]`), codes(Object.keys(directives))]))] },
      { title: "Programs with a version of the guest's own", blocks: [`They wait, tell the time or act on the machine: ${codes(Object.keys(HELPERS))}. Every other program runs as it is.`] },
      {
        title: "Python",
        blocks: [
          "Scripts run unchanged. On a scaled or real clock the clocks show the region's time, what waits for a time waits at its pace, and nothing is refused. On virtual time, on the region's clock and seed are, and all that the library builds on them (`queue`, `concurrent.futures`, `logging`, `uuid`, `secrets`, `tempfile`):",
          table(["module", "names"], Object.entries(python.replaced).map(([module, names]) => [code(module), codes(names)])),
          "On virtual time refused by name:",
          table(["what", "do instead"], python.refused.map(([what, instead]) => [code(what), instead])),
        ],
      },
    ],
  };
}

interface PythonTables { refused: [what: string, instead: string][]; replaced: Record<string, string[]> }

/** What the guests' Python package says of itself. Throws when there is no Python to ask. */
function pythonTables(): PythonTables {
  const folder = join(__dirname, "..", "..", "harness", "region", "guest", "python");
  const asked = spawnSync(process.env["SPOTPROOF_PYTHON"] ?? "python3", ["-B", "-c", `
import json, sys
sys.path.insert(0, ${JSON.stringify(folder)})
import spotproof_guest
print(json.dumps({"refused": spotproof_guest.refusals.table(), "replaced": spotproof_guest.REPLACED}))
`], { encoding: "utf8" });
  if (asked.status !== 0) throw new Error(`the guests' Python could not be asked for its tables: ${asked.error?.message ?? asked.stderr}`);
  return JSON.parse(asked.stdout) as PythonTables;
}
