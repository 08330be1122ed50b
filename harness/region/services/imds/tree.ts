/**
 * The tree of metadata: leaves by path, and listings of what lies under a path.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-categories.html
 */
import type { Clock } from "../../../time/clock";
import { RoleCredentials } from "./credentials";
import { isoSeconds, spaced } from "./text";
import type { MetadataView } from "./view";

export interface Tree {
  /** Every leaf that there is or may come to be, in order. */
  readonly paths: readonly string[];
  /** The leaf or the listing at a path (below the version); undefined: 404. */
  get(path: string): string | Buffer | undefined;
}

/** What a leaf holds now; undefined: it is not there. */
type Leaf = () => string | Buffer | undefined;

const TAGS = "meta-data/tags/instance";

export function buildTree(view: MetadataView, clock: Clock): Tree {
  const leaves = leavesOf(view, clock);
  const tagsEnabled = (): boolean => view.options.tags === "enabled";

  function tagAt(path: string): string | undefined {
    const key = path.slice(TAGS.length + 1);
    if (key === "") return listing([...view.tags().keys()]);
    try {
      return view.tags().get(decodeURIComponent(key));
    } catch {
      return undefined;
    }
  }

  return {
    paths: [...leaves.keys()].sort(),
    get(path) {
      // A slash after a leaf's name changes nothing; botocore asks that way for the zone.
      const leaf = leaves.get(path) ?? (path.endsWith("/") ? leaves.get(path.slice(0, -1)) : undefined);
      if (leaf) return leaf();
      if (tagsEnabled() && path.startsWith(TAGS) && (path.length === TAGS.length || path[TAGS.length] === "/")) return tagAt(path);
      return listDirectory(leaves, tagsEnabled() ? ["meta-data/tags/instance/"] : [], path);
    },
  };
}

/** The names directly under a directory, those of directories with a slash; undefined when nothing is there. */
function listDirectory(leaves: ReadonlyMap<string, Leaf>, directories: readonly string[], path: string): string | undefined {
  const base = path === "" || path.endsWith("/") ? path : `${path}/`;
  const names = new Set<string>();
  const add = (entry: string): void => {
    if (!entry.startsWith(base) || entry.length === base.length) return;
    const rest = entry.slice(base.length);
    const slash = rest.indexOf("/");
    names.add(slash < 0 ? rest : rest.slice(0, slash + 1));
  };
  for (const [entry, leaf] of leaves) if (entry.startsWith(base) && leaf() !== undefined) add(entry);
  directories.forEach(add);
  // At the top, directories are listed without their slash.
  return names.size === 0 ? undefined : listing(base === "" ? [...names].map((name) => name.replace(/\/$/, "")) : [...names]);
}

const listing = (names: string[]): string => names.sort().join("\n");

function leavesOf(view: MetadataView, clock: Clock): Map<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  const put = (path: string, leaf: Leaf | string): void => void leaves.set(path, typeof leaf === "string" ? () => leaf : leaf);

  // What an agent polls comes first.
  put("meta-data/spot/instance-action", () => {
    const at = view.interruptionAt();
    return at === undefined ? undefined : `{"action": "terminate", "time": "${isoSeconds(at)}"}`;
  });
  put("meta-data/spot/termination-time", () => {
    const at = view.interruptionAt();
    return at === undefined ? undefined : isoSeconds(at);
  });
  put("meta-data/events/recommendations/rebalance", () => {
    const at = view.rebalanceAt();
    return at === undefined ? undefined : `{"noticeTime": "${isoSeconds(at)}"}`;
  });
  put("meta-data/events/maintenance/history", "[]");
  put("meta-data/events/maintenance/scheduled", "[]");

  for (const [name, value] of Object.entries(plainValues(view))) put(`meta-data/${name}`, value);
  const mac = `meta-data/network/interfaces/macs/${view.mac}`;
  for (const [name, value] of Object.entries(interfaceValues(view))) put(`${mac}/${name}`, value);

  const { profile } = view;
  if (profile) {
    put("meta-data/iam/info", spaced({ Code: "Success", LastUpdated: isoSeconds(view.launchedAt), InstanceProfileArn: profile.arn, InstanceProfileId: profile.id }));
    if (profile.roleName) {
      const credentials = new RoleCredentials(view, clock);
      put(`meta-data/iam/security-credentials/${profile.roleName}`, () => credentials.document());
    }
  }
  put("meta-data/identity-credentials/ec2/info", spaced({ Code: "Success", LastUpdated: isoSeconds(view.launchedAt), AccountId: view.accountId }));
  if (view.userData.length > 0) put("user-data", () => view.userData);
  put("dynamic/instance-identity/document", identityDocument(view));
  put("dynamic/fws/instance-monitoring", view.detailedMonitoring ? "enabled" : "disabled");
  return leaves;
}

const plainValues = (view: MetadataView): Record<string, string> => ({
  "ami-id": view.imageId,
  "ami-launch-index": String(view.launchIndex),
  "ami-manifest-path": "(unknown)",
  "block-device-mapping/ami": "/dev/xvda",
  "block-device-mapping/root": "/dev/xvda",
  "hostname": view.hostname,
  "instance-action": "none",
  "instance-id": view.instanceId,
  "instance-life-cycle": view.lifecycle,
  "instance-type": view.instanceType,
  "local-hostname": view.hostname,
  "local-ipv4": view.privateIp,
  "mac": view.mac,
  "placement/availability-zone": view.zone,
  "placement/availability-zone-id": view.zoneId,
  "placement/region": view.regionName,
  "profile": "default-hvm",
  ...(view.publicIp === undefined ? {} : { "public-ipv4": view.publicIp }),
  ...(view.publicHostname === undefined ? {} : { "public-hostname": view.publicHostname }),
  "reservation-id": view.reservationId,
  "security-groups": view.groups.map(({ name }) => name).join("\n"),
  "services/domain": view.partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com",
  "services/partition": view.partition,
  "system": "nitro",
});

const interfaceValues = (view: MetadataView): Record<string, string> => ({
  "device-number": "0",
  "interface-id": view.interfaceId,
  ...(view.publicIp === undefined ? {} : { [`ipv4-associations/${view.publicIp}`]: view.privateIp, "public-ipv4s": view.publicIp }),
  ...(view.publicHostname === undefined ? {} : { "public-hostname": view.publicHostname }),
  "local-hostname": view.hostname,
  "local-ipv4s": view.privateIp,
  "mac": view.mac,
  "network-card": "0",
  "owner-id": view.accountId,
  "security-group-ids": view.groups.map(({ id }) => id).join("\n"),
  "security-groups": view.groups.map(({ name }) => name).join("\n"),
  "subnet-id": view.subnetId,
  "subnet-ipv4-cidr-block": view.subnetCidr,
  "vpc-id": view.vpcId,
  "vpc-ipv4-cidr-block": view.vpcCidr,
  "vpc-ipv4-cidr-blocks": view.vpcCidr,
});

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/retrieve-iid.html */
const identityDocument = (view: MetadataView): string => spaced({
  accountId: view.accountId, architecture: view.architecture, availabilityZone: view.zone, billingProducts: null, devpayProductCodes: null, marketplaceProductCodes: null,
  imageId: view.imageId, instanceId: view.instanceId, instanceType: view.instanceType, kernelId: null, pendingTime: isoSeconds(view.launchedAt), privateIp: view.privateIp,
  ramdiskId: null, region: view.regionName, version: "2017-09-30",
});
