/** What an encoded refusal of EC2 says. https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html */
import { decodeRefusal } from "../../../authorization/wording";
import type { Operation } from "../../../core/types";

export const decodeAuthorizationMessage: Operation<{ EncodedMessage?: string }> = ({ EncodedMessage = "" }) => ({ DecodedMessage: decodeRefusal(EncodedMessage) });
