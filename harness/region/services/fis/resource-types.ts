/** What targets can be, and by what they are found. https://docs.aws.amazon.com/fis/latest/userguide/targets.html#resource-types */

export interface ResourceType {
  description: string;
  /** Found by tags and narrowed by filters; otherwise by ARN alone. */
  byTag: boolean;
  arn: RegExp;
  /** Parameters that find resources, with their descriptions. None is required. https://docs.aws.amazon.com/fis/latest/userguide/targets.html#target-parameters */
  parameters: Readonly<Record<string, string>>;
}

const INSTANCE_ARN = /^arn:[\w-]+:ec2:[\w-]+:\d{12}:instance\/i-[0-9a-f]+$/;

export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  "aws:ec2:instance": { description: "An Amazon EC2 instance", byTag: true, arn: INSTANCE_ARN, parameters: {} },
  "aws:ec2:spot-instance": { description: "An Amazon EC2 Spot Instance", byTag: true, arn: INSTANCE_ARN, parameters: {} },
  "aws:ec2:subnet": {
    description: "An Amazon VPC subnet", byTag: true, arn: /^arn:[\w-]+:ec2:[\w-]+:\d{12}:subnet\/subnet-[0-9a-f]+$/,
    parameters: {
      availabilityZoneIdentifier: "The code or AZ ID of the Availability Zone that contains the target subnets.",
      vpc: "The VPC that contains the target subnets.",
    },
  },
  "aws:iam:role": { description: "An IAM role", byTag: false, arn: /^arn:[\w-]+:iam::\d{12}:role\/\S+$/, parameters: {} },
};

/** Undefined for one that the region does not have. */
export const resourceType = (name: string): ResourceType | undefined => (Object.hasOwn(RESOURCE_TYPES, name) ? RESOURCE_TYPES[name] : undefined);
