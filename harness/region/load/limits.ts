/** What of Terraform's language and meta-arguments is refused by name. */
export const REFUSED = {
  metaArguments: "count, for_each, provisioner, connection and provider of a resource",
  lifecycle: "members of lifecycle but prevent_destroy, ignore_changes and create_before_destroy",
  forExpressions: "for expressions",
  operators: "operators in expressions",
  heredocs: "heredocs",
  directives: "template directives (%{ … }) and whitespace markers (${~)",
  roots: "references to each, count, self, module and terraform",
  regularExpressions: "regular expressions in replace",
} as const;
