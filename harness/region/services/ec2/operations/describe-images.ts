/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html */
import { filtered } from "../filters";
import { findImage, PUBLIC_IMAGES, ROOT_VOLUME, type Image } from "../images";
import { texts } from "../input";
import { paged } from "../paging";
import type { Ec2Operation } from "./operation";

export const describeImages: Ec2Operation = (core) => (input) => {
  const ids = texts(input, "ImageId");
  const owners = texts(input, "Owner");
  const asked: readonly Image[] = ids.length > 0 ? ids.map((id) => findImage(id, core.region, core.settings.strictImages)) : PUBLIC_IMAGES;
  const owned = asked.filter((image) => owners.length === 0 || owners.some((owner) =>
    (owner === "self" ? image.ownerId === core.region.accountId : owner === image.ownerAlias || owner === image.ownerId)));
  const matching = filtered(owned, input, {
    "architecture": ({ architecture }) => architecture, "hypervisor": () => "xen", "image-id": ({ imageId }) => imageId, "image-type": () => "machine",
    "is-public": (image) => image.public, "name": ({ name }) => name, "owner-alias": ({ ownerAlias }) => ownerAlias, "owner-id": ({ ownerId }) => ownerId,
    "root-device-type": () => "ebs", "state": () => "available", "virtualization-type": () => "hvm",
  });
  const { items, nextToken } = paged(matching, input, ({ imageId }) => imageId, { least: 1, most: 1000 });
  return {
    imagesSet: items.map((image) => ({
      imageId: image.imageId, imageLocation: `${image.ownerAlias ?? image.ownerId}/${image.name}`, imageState: "available", imageOwnerId: image.ownerId, imageOwnerAlias: image.ownerAlias,
      creationDate: image.creationDate, isPublic: image.public, architecture: image.architecture ?? "x86_64", imageType: "machine", name: image.name, description: image.description,
      platformDetails: "Linux/UNIX", usageOperation: "RunInstances", rootDeviceType: "ebs", rootDeviceName: ROOT_VOLUME.deviceName, virtualizationType: "hvm", hypervisor: "xen",
      enaSupport: true, bootMode: "uefi-preferred", imdsSupport: image.imdsSupport, blockDeviceMapping: [{ deviceName: ROOT_VOLUME.deviceName, ebs: { snapshotId: ROOT_VOLUME.snapshotId, volumeSize: ROOT_VOLUME.gib, volumeType: "gp3", deleteOnTermination: true, encrypted: false } }],
    })),
    nextToken,
  };
};
