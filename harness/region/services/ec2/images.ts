/**
 * Machine images. The region runs Amazon Linux 2023's part of an instance (cloud-init, systemd, Python), so its own
 * images are Amazon's public ones, found as on AWS under SSM's public parameters.
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
}

const AMAZON = "137112412989";
const PARAMETERS = "/aws/service/ami-amazon-linux-latest";
const X86 = "al2023-ami-2023.7.20250512.0-kernel-6.1-x86_64";
const ARM = "al2023-ami-2023.7.20250512.0-kernel-6.1-arm64";

/** The public images, with the public SSM parameters that lead to them. */
export const PUBLIC_IMAGES: readonly (Image & { parameters: readonly string[] })[] = [
  publicImage("ami-0a1b2c3d4e5f60718", X86, "x86_64"),
  publicImage("ami-0f1e2d3c4b5a69788", ARM, "arm64"),
];

function publicImage(imageId: string, name: string, architecture: Architecture): Image & { parameters: readonly string[] } {
  const parameters = ["al2023-ami-kernel-default", "al2023-ami-kernel-6.1", "al2023-ami-minimal-kernel-default", "al2023-ami-minimal-kernel-6.1"]
    .map((alias) => `${PARAMETERS}/${alias}-${architecture}`);
  return {
    imageId, name, architecture, ownerId: AMAZON, ownerAlias: "amazon", public: true, creationDate: "2025-05-12T20:14:53.000Z", parameters,
    description: `Amazon Linux 2023 AMI 2023.7.20250512.0 ${architecture} HVM kernel-6.1`,
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
  return { imageId, name: imageId, description: "", ownerId: region.accountId, public: false, creationDate: "2025-05-12T20:14:53.000Z" };
}
