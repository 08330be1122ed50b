/** FIS's errors. https://docs.aws.amazon.com/fis/latest/APIReference/CommonErrors.html */
import { AwsError } from "../../core/types";

export const validation = (message: string): AwsError => new AwsError("ValidationException", message, 400);
export const notFound = (message: string): AwsError => new AwsError("ResourceNotFoundException", message, 404);
export const conflict = (message: string): AwsError => new AwsError("ConflictException", message, 409);
