/** What of GenerateRandom is refused by name (phrases that complete "The embedded region does not support …"). */
export const REFUSED = {
  keyStores: "custom key stores (CustomKeyStoreId)",
  recipient: "attestation by Nitro enclaves (Recipient)",
} as const;
