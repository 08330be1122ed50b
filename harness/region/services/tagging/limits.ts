/** What of the tagging API is refused by name (phrases that complete "The embedded region does not support …"), and what is simpler than on AWS. */
export const REFUSED = {
  compliance: "compliance with tag policies (IncludeComplianceDetails, ExcludeCompliantResources)",
  tagsPerPage: "TagsPerPage of GetResources; use ResourcesPerPage, as AWS recommends",
} as const;

export const SIMPLIFIED = {
  formerlyTagged: "GetResources lists what has a tag now, and leaves out what once had one and has none left.",
} as const;
