/** What of Systems Manager is refused by name. */
export const REFUSED = {
  keys: "keys other than AWS's own for SecureString parameters (alias/aws/ssm)",
  policies: "Policies of PutParameter",
  dataTypes: "data types of parameters other than text and aws:ec2:image",
  oldFilters: "the deprecated Filters of DescribeParameters; use ParameterFilters",
  shared: "parameters shared with or by other accounts",
  tagsOfOthers: "tags of resources of Systems Manager other than parameters",
} as const;

export const SIMPLIFIED = {
  encryption: "The value of a SecureString that is asked for without decryption is a text that nothing can decrypt.",
} as const;
