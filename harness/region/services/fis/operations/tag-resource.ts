/** https://docs.aws.amazon.com/fis/latest/APIReference/API_TagResource.html */
import { readTags } from "../store";
import type { FisOperation } from "./operation";

export const tagResource: FisOperation = (store) => (input) => {
  const tags = store.tagsOf(String(input["resourceArn"]));
  for (const [key, value] of readTags(input["tags"])) tags.set(key, value);
  return {};
};
