/** The loader of synthesized Terraform. */
export { loadTerraform, type LoadedStack } from "./load-terraform";
