/**
 * The services that a Task state may call, as data: how Step Functions spells them, what the region calls them, and which
 * of their errors have a name of their own.
 * https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
 */

export interface IntegratedService {
  /** In the resource's ARN: `aws-sdk:dynamodb`. */
  arnName: string;
  /** In error names (`DynamoDb.ResourceNotFoundException`) and in their causes (`Service: DynamoDb`). */
  errorPrefix: string;
  /** As in Service.name. */
  regionName: string;
  /** Whether the API's own names begin with a small letter; Step Functions' never do. */
  camelCase?: boolean;
  /** Members that are timestamps, for services that are called through their SDK: it takes Dates, a state machine has ISO 8601 texts. */
  timestamps?: readonly string[];
  /** Members that the API takes as a text: a state machine may give JSON there, which is then written out. */
  texts?: readonly string[];
  /** Members that the API takes as bytes: whatever a state machine gives there, a text too, is written out as JSON. */
  blobs?: readonly string[];
  /** Members of answers that are there only because this region's client asks for them. */
  unasked?: readonly string[];
  /** Members whose keys are the user's own, where names are changed. */
  maps?: readonly string[];
  /**
   * Error codes for which the API's model has a shape. Any other becomes the service's general exception
   * (`Ec2.Ec2Exception`): EC2's model, for one, has no shape for any of its errors.
   */
  modeledErrors: readonly string[];
  /** A second request id in the causes of errors. */
  extendedRequestId?: boolean;
}

export const SERVICES: readonly IntegratedService[] = [
  { arnName: "ec2", errorPrefix: "Ec2", regionName: "ec2", timestamps: ["StartTime", "EndTime", "ValidFrom", "ValidUntil"], modeledErrors: [] },
  {
    arnName: "dynamodb", errorPrefix: "DynamoDb", regionName: "dynamodb",
    modeledErrors: [
      "BackupInUseException", "BackupNotFoundException", "ConditionalCheckFailedException", "ContinuousBackupsUnavailableException", "DuplicateItemException", "ExportConflictException",
      "ExportNotFoundException", "ImportConflictException", "ImportNotFoundException", "InvalidExportTimeException",
      "GlobalTableAlreadyExistsException", "GlobalTableNotFoundException", "IdempotentParameterMismatchException", "IndexNotFoundException", "InternalServerError",
      "InvalidEndpointException", "InvalidRestoreTimeException", "ItemCollectionSizeLimitExceededException", "LimitExceededException",
      "PointInTimeRecoveryUnavailableException", "PolicyNotFoundException", "ProvisionedThroughputExceededException", "ReplicatedWriteConflictException",
      "ReplicaAlreadyExistsException", "ReplicaNotFoundException", "RequestLimitExceeded", "ResourceInUseException", "ResourceNotFoundException",
      "TableAlreadyExistsException", "TableInUseException", "TableNotFoundException", "ThrottlingException", "TransactionCanceledException",
      "TransactionConflictException", "TransactionInProgressException",
    ],
  },
  {
    arnName: "sfn", errorPrefix: "Sfn", regionName: "sfn", camelCase: true, texts: ["Cause", "Definition", "Input", "Output"],
    modeledErrors: [
      "ActivityAlreadyExists", "ActivityDoesNotExist", "ActivityLimitExceeded", "ActivityWorkerLimitExceeded", "ConflictException", "KmsAccessDeniedException",
      "KmsInvalidStateException", "KmsThrottlingException", "ExecutionAlreadyExists", "ExecutionDoesNotExist", "ExecutionLimitExceeded", "ExecutionNotRedrivable",
      "InvalidArn", "InvalidDefinition", "InvalidEncryptionConfiguration", "InvalidExecutionInput", "InvalidLoggingConfiguration", "InvalidName", "InvalidOutput",
      "InvalidToken", "InvalidTracingConfiguration", "MissingRequiredParameter", "ResourceNotFound", "ServiceQuotaExceededException",
      "StateMachineAlreadyExists", "StateMachineDeleting", "StateMachineDoesNotExist", "StateMachineLimitExceeded", "StateMachineTypeNotSupported",
      "TaskDoesNotExist", "TaskTimedOut", "TooManyTags", "ValidationException",
    ],
  },
  {
    arnName: "s3", errorPrefix: "S3", regionName: "s3", extendedRequestId: true, blobs: ["Body"], unasked: ["ChecksumCRC32", "ChecksumType"],
    timestamps: ["Expires", "IfModifiedSince", "IfUnmodifiedSince", "CopySourceIfModifiedSince", "CopySourceIfUnmodifiedSince", "ObjectLockRetainUntilDate", "Date"],
    modeledErrors: [
      "AccessDenied", "BucketAlreadyExists", "BucketAlreadyOwnedByYou", "EncryptionTypeMismatch", "IdempotencyParameterMismatch", "InvalidObjectState", "InvalidRequest",
      "InvalidWriteOffset", "NoSuchBucket", "NoSuchKey", "NoSuchUpload", "NotFound", "ObjectAlreadyInActiveTierError", "ObjectNotInActiveTierError", "TooManyParts",
    ],
  },
  {
    arnName: "ssm", errorPrefix: "Ssm", regionName: "ssm", texts: ["Value"],
    modeledErrors: [
      "DoesNotExistException", "DuplicateInstanceId", "HierarchyLevelLimitExceededException", "HierarchyTypeMismatchException", "InternalServerError",
      "InvalidDocument", "InvalidDocumentVersion", "InvalidFilterKey", "InvalidFilterOption", "InvalidFilterValue", "InvalidInstanceId", "InvalidKeyId",
      "InvalidNextToken", "InvalidParameters", "InvocationDoesNotExist", "MaxDocumentSizeExceeded", "ParameterAlreadyExists", "ParameterLimitExceeded",
      "ParameterMaxVersionLimitExceeded", "ParameterNotFound", "ParameterPatternMismatchException", "ParameterVersionNotFound", "TooManyUpdates",
      "UnsupportedParameterType", "UnsupportedPlatformType",
    ],
  },
  {
    arnName: "lambda", errorPrefix: "Lambda", regionName: "lambda", blobs: ["Payload"],
    modeledErrors: [
      "CodeStorageExceededException", "EC2AccessDeniedException", "EC2ThrottledException", "EC2UnexpectedException", "ENILimitReachedException",
      "InvalidParameterValueException", "InvalidRequestContentException", "InvalidRuntimeException", "InvalidZipFileException", "KMSAccessDeniedException",
      "KMSDisabledException", "PolicyLengthExceededException", "PreconditionFailedException", "RecursiveInvocationException", "RequestTooLargeException",
      "ResourceConflictException", "ResourceInUseException", "ResourceNotFoundException", "ResourceNotReadyException", "ServiceException", "SnapStartException",
      "TooManyRequestsException", "UnsupportedMediaTypeException",
    ],
  },
  {
    arnName: "eventbridge", errorPrefix: "EventBridge", regionName: "eventbridge", texts: ["Detail", "EventPattern", "Input"],
    modeledErrors: [
      "AccessDeniedException", "ConcurrentModificationException", "IllegalStatusException", "InternalException", "InvalidEventPatternException", "InvalidStateException",
      "LimitExceededException", "ManagedRuleException", "OperationDisabledException", "PolicyLengthExceededException", "ResourceAlreadyExistsException",
      "ResourceNotFoundException", "ThrottlingException",
    ],
  },
  {
    arnName: "cloudwatch", errorPrefix: "CloudWatch", regionName: "cloudwatch",
    modeledErrors: [
      "ConcurrentModificationException", "ConflictException", "DashboardInvalidInputError", "DashboardNotFoundError", "InternalServiceFault", "InvalidFormatFault",
      "InvalidNextToken", "InvalidParameterCombinationException", "InvalidParameterValueException", "LimitExceededException", "LimitExceededFault",
      "KmsAccessDeniedException", "KmsKeyDisabledException", "KmsKeyNotFoundException", "MissingRequiredParameterException", "ResourceConflict",
      "ResourceNotFound", "ResourceNotFoundException", "ValidationException",
    ],
  },
  {
    arnName: "cloudwatchlogs", errorPrefix: "CloudWatchLogs", regionName: "cloudwatch-logs", camelCase: true, maps: ["tags", "tagFilters"],
    modeledErrors: [
      "AccessDeniedException", "ConflictException", "DataAlreadyAcceptedException", "InvalidOperationException", "InvalidParameterException", "InvalidSequenceTokenException",
      "LimitExceededException", "MalformedQueryException", "OperationAbortedException", "ResourceAlreadyExistsException",
      "ResourceNotFoundException", "ServiceUnavailableException", "ThrottlingException", "TooManyTagsException", "UnrecognizedClientException", "ValidationException",
    ],
  },
  {
    arnName: "fis", errorPrefix: "Fis", regionName: "fis", camelCase: true,
    maps: ["tags", "actions", "targets", "parameters", "resourceTags", "resourceArns", "targetAccountConfigurations"],
    modeledErrors: ["ConflictException", "ResourceNotFoundException", "ServiceQuotaExceededException", "ValidationException"],
  },
  {
    arnName: "iam", errorPrefix: "Iam", regionName: "iam", texts: ["AssumeRolePolicyDocument", "PolicyDocument"],
    modeledErrors: [
      "ConcurrentModificationException", "DeleteConflictException", "EntityAlreadyExistsException", "EntityTemporarilyUnmodifiableException", "InvalidInputException",
      "LimitExceededException", "MalformedPolicyDocumentException", "NoSuchEntityException", "PolicyNotAttachableException", "ServiceFailureException",
      "UnmodifiableEntityException",
    ],
  },
  {
    arnName: "sts", errorPrefix: "Sts", regionName: "sts",
    modeledErrors: [
      "ExpiredTokenException", "IDPCommunicationErrorException", "IDPRejectedClaimException", "InvalidAuthorizationMessageException", "InvalidIdentityTokenException",
      "MalformedPolicyDocumentException", "PackedPolicyTooLargeException", "RegionDisabledException",
    ],
  },
  {
    arnName: "kms", errorPrefix: "Kms", regionName: "kms",
    modeledErrors: [
      "AlreadyExistsException", "CloudHsmClusterInUseException", "CloudHsmClusterInvalidConfigurationException", "CloudHsmClusterNotActiveException",
      "CloudHsmClusterNotFoundException", "CloudHsmClusterNotRelatedException", "ConflictException", "CustomKeyStoreHasCMKsException", "CustomKeyStoreInvalidStateException",
      "CustomKeyStoreNameInUseException", "CustomKeyStoreNotFoundException", "DependencyTimeoutException", "DisabledException", "DryRunOperationException",
      "ExpiredImportTokenException", "IncorrectKeyException", "IncorrectKeyMaterialException", "IncorrectTrustAnchorException", "InvalidAliasNameException",
      "InvalidArnException", "InvalidCiphertextException", "InvalidGrantIdException", "InvalidGrantTokenException", "InvalidImportTokenException", "InvalidKeyUsageException",
      "InvalidMarkerException", "KMSInternalException", "KMSInvalidMacException", "KMSInvalidSignatureException", "KMSInvalidStateException", "KeyUnavailableException",
      "LimitExceededException", "MalformedPolicyDocumentException", "NotFoundException", "TagException", "UnsupportedOperationException",
    ],
  },
  {
    arnName: "resourcegroupstaggingapi", errorPrefix: "ResourceGroupsTaggingApi", regionName: "resource-groups-tagging-api",
    modeledErrors: ["ConcurrentModificationException", "ConstraintViolationException", "InternalServiceException", "InvalidParameterException", "PaginationTokenExpiredException", "ThrottledException"],
  },
  {
    arnName: "elasticloadbalancingv2", errorPrefix: "ElasticLoadBalancingV2", regionName: "elastic-load-balancing-v2",
    modeledErrors: [
      "ALPNPolicyNotSupportedException", "AllocationIdNotFoundException", "AvailabilityZoneNotSupportedException", "CaCertificatesBundleNotFoundException",
      "CapacityDecreaseRequestsLimitExceededException", "CapacityReservationPendingException", "CapacityUnitsLimitExceededException", "CertificateNotFoundException",
      "DeleteAssociationSameAccountException", "DuplicateListenerException", "DuplicateLoadBalancerNameException", "DuplicateTagKeysException",
      "DuplicateTargetGroupNameException", "DuplicateTrustStoreNameException", "HealthUnavailableException", "IncompatibleProtocolsException", "InsufficientCapacityException",
      "InvalidCaCertificatesBundleException", "InvalidConfigurationRequestException", "InvalidLoadBalancerActionException", "InvalidRevocationContentException",
      "InvalidSchemeException", "InvalidSecurityGroupException", "InvalidSubnetException", "InvalidTargetException", "ListenerNotFoundException",
      "LoadBalancerNotFoundException", "OperationNotPermittedException", "PriorRequestNotCompleteException", "PriorityInUseException", "ResourceInUseException",
      "ResourceNotFoundException", "RevocationContentNotFoundException", "RevocationIdNotFoundException", "RuleNotFoundException", "SSLPolicyNotFoundException",
      "SubnetNotFoundException", "TargetGroupAssociationLimitException", "TargetGroupNotFoundException", "TooManyActionsException", "TooManyCertificatesException",
      "TooManyListenersException", "TooManyLoadBalancersException", "TooManyRegistrationsForTargetIdException", "TooManyRulesException", "TooManyTagsException",
      "TooManyTargetGroupsException", "TooManyTargetsException", "TooManyTrustStoreRevocationEntriesException", "TooManyTrustStoresException",
      "TooManyUniqueTargetGroupsPerLoadBalancerException", "TrustStoreAssociationNotFoundException", "TrustStoreInUseException", "TrustStoreNotFoundException",
      "TrustStoreNotReadyException", "UnsupportedProtocolException",
    ],
  },
  {
    arnName: "sqs", errorPrefix: "Sqs", regionName: "sqs", texts: ["MessageBody"],
    modeledErrors: [
      "BatchEntryIdsNotDistinct", "BatchRequestTooLong", "EmptyBatchRequest", "InvalidAddress", "InvalidAttributeName", "InvalidAttributeValue", "InvalidBatchEntryId",
      "InvalidIdFormat", "InvalidMessageContents", "InvalidSecurity", "MessageNotInflight", "OverLimit", "PurgeQueueInProgress", "QueueDeletedRecently", "QueueDoesNotExist",
      "QueueNameExists", "ReceiptHandleIsInvalid", "RequestThrottled", "ResourceNotFoundException", "TooManyEntriesInBatchRequest", "UnsupportedOperation",
    ],
  },
];

export const serviceByArnName = new Map(SERVICES.map((service) => [service.arnName, service]));
