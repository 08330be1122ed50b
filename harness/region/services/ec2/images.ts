/**
 * Machine images. The region runs Amazon Linux 2023's part of an instance (cloud-init, systemd, Python), so its own
 * images are Amazon's public ones, found as on AWS under SSM's public parameters. Amazon Linux 2's are there beside them: what differs
 * here is that their instances answer version 1 of the metadata service, too.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-ami.html
 * An image id of the right form that is none of these counts as a private image of the same system, so that a
 * template that names one runs here too; `strictImages` refuses it.
 */
import type { RegionContext } from "../../core/types";
import type { Architecture } from "./catalog";
import { ec2Error } from "./errors";

export interface Image {
  imageId: string;
  name: string;
  description: string;
  /** Undefined when not known: a private image. */
  architecture?: Architecture;
  ownerId: string;
  ownerAlias?: string;
  public: boolean;
  creationDate: string;
  /** Made for version 2 of the metadata service alone; absent: both versions are on by default. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Image.html */
  imdsSupport?: "v2.0";
}

/** The root volume of every image, unless a launch says otherwise. */
export const ROOT_VOLUME = { deviceName: "/dev/xvda", gib: 8, snapshotId: "snap-0a1b2c3d4e5f60718" } as const;

const AMAZON = "137112412989";
const PARAMETERS = "/aws/service/ami-amazon-linux-latest";
const X86 = "al2023-ami-2023.7.20250512.0-kernel-6.1-x86_64";
const ARM = "al2023-ami-2023.7.20250512.0-kernel-6.1-arm64";

/** The public images, with the public SSM parameters that lead to them. */
export const PUBLIC_IMAGES: readonly (Image & { parameters: readonly string[] })[] = [
  publicImage("ami-0a1b2c3d4e5f60718", X86, "x86_64"),
  publicImage("ami-0f1e2d3c4b5a69788", ARM, "arm64"),
  amazonLinux2("ami-0b2c3d4e5f6071829", "x86_64"),
  amazonLinux2("ami-0c3d4e5f607182930", "arm64"),
];

function publicImage(imageId: string, name: string, architecture: Architecture): Image & { parameters: readonly string[] } {
  const parameters = ["al2023-ami-kernel-default", "al2023-ami-kernel-6.1", "al2023-ami-minimal-kernel-default", "al2023-ami-minimal-kernel-6.1"]
    .map((alias) => `${PARAMETERS}/${alias}-${architecture}`);
  return {
    imageId, name, architecture, ownerId: AMAZON, ownerAlias: "amazon", public: true, creationDate: "2025-05-12T20:14:53.000Z", parameters, imdsSupport: "v2.0",
    description: `Amazon Linux 2023 AMI 2023.7.20250512.0 ${architecture} HVM kernel-6.1`,
  };
}

/** https://docs.aws.amazon.com/linux/al2/ug/ec2.html */
function amazonLinux2(imageId: string, architecture: Architecture): Image & { parameters: readonly string[] } {
  const storage = architecture === "x86_64" ? ["gp2", "ebs"] : ["gp2"];
  const parameters = storage.flatMap((kind) => ["amzn2-ami-hvm", "amzn2-ami-kernel-5.10-hvm"].map((alias) => `${PARAMETERS}/${alias}-${architecture}-${kind}`));
  return {
    imageId, architecture, ownerId: AMAZON, ownerAlias: "amazon", public: true, creationDate: "2025-05-12T20:14:53.000Z", parameters,
    name: `amzn2-ami-kernel-5.10-hvm-2.0.20250512.0-${architecture}-gp2`, description: `Amazon Linux 2 Kernel 5.10 AMI 2.0.20250512.0 ${architecture} HVM gp2`,
  };
}

/**
 * The image of that id.
 * @throws AwsError InvalidAMIID.Malformed, InvalidAMIID.NotFound
 */
export function findImage(imageId: string, region: RegionContext, strict: boolean): Image {
  if (!/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/.test(imageId)) throw ec2Error("InvalidAMIID.Malformed", `Invalid id: "${imageId}" (expecting "ami-...")`);
  const known = PUBLIC_IMAGES.find((image) => image.imageId === imageId);
  if (known) return known;
  if (strict) throw ec2Error("InvalidAMIID.NotFound", `The image id '[${imageId}]' does not exist`);
  return { imageId, name: imageId, description: "", ownerId: region.accountId, public: false, creationDate: "2025-05-12T20:14:53.000Z", imdsSupport: "v2.0" };
}
