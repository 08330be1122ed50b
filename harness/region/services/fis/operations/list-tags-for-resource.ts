/** https://docs.aws.amazon.com/fis/latest/APIReference/API_ListTagsForResource.html */
import type { FisOperation } from "./operation";

export const listTagsForResource: FisOperation = (store) => (input) => ({ tags: Object.fromEntries(store.tagsOf(String(input["resourceArn"]))) });
