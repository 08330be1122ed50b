/** Amazon Resource Names, taken apart: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export interface Arn {
  partition: string;
  service: string;
  region: string;
  accountId: string;
  /** All after the fifth colon: `role/path/NAME`. */
  resource: string;
}

/** The parts of an ARN, or undefined when the text is none. */
export function parseArn(text: string): Arn | undefined {
  const match = /^arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)$/s.exec(text);
  if (!match) return undefined;
  const [, partition, service, region, accountId, resource] = match as unknown as [string, string, string, string, string, string];
  return { partition, service, region, accountId, resource };
}

/** A role's name from its ARN (what stands after the path), or undefined when it is not a role's. */
export function roleNameOf(arn: string): string | undefined {
  const resource = parseArn(arn)?.resource;
  return resource?.startsWith("role/") ? resource.slice(resource.lastIndexOf("/") + 1) : undefined;
}
