/** What of Systems Manager is refused by name. */
export const REFUSED = {
  secureStrings: "parameters of the type SecureString",
  parameterMembers: "KeyId, Policies and AllowedPattern of PutParameter",
  filters: "ParameterFilters of GetParametersByPath",
} as const;
