/** What is simpler in the metadata service than on AWS. */
export const SIMPLIFIED = {
  signatures: "The instance identity document has no signatures (dynamic/instance-identity/pkcs7, rsa2048 and signature are 404): they would need AWS's private keys.",
  identityCredentials: "identity-credentials/ec2/security-credentials, which AWS keeps for its own use, is 404.",
  keys: "public-keys is 404: there are no key pairs.",
} as const;
