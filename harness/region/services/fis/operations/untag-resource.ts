/** The tags named, or all. https://docs.aws.amazon.com/fis/latest/APIReference/API_UntagResource.html */
import type { FisOperation } from "./operation";

export const untagResource: FisOperation = (store) => (input) => {
  const tags = store.tagsOf(String(input["resourceArn"]));
  const keys = input["tagKeys"] as string[] | undefined;
  for (const key of keys ?? [...tags.keys()]) tags.delete(key);
  return {};
};
