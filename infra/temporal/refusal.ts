import { status } from '@grpc/grpc-js';
import { isGrpcServiceError, NamespaceNotFoundError, ServiceError, WorkflowNotFoundError } from '@temporalio/client';

/** What Temporal has against this one request, as a code; undefined for what it would say to every other now. */
export const refusalOf = (error: unknown): string | undefined => {
  if (!(error instanceof ServiceError)) return isAboutTheNamespace(error) ? undefined : nameOf(error);
  const { cause } = error;
  if (!isGrpcServiceError(cause) || cause.code !== status.INVALID_ARGUMENT) return undefined;
  // For some seconds after they were registered, Temporal says of search attributes that it does not know them.
  return /no mapping defined for search attribute/i.test(cause.details) ? undefined : 'INVALID_ARGUMENT';
};

const isAboutTheNamespace = (error: unknown) =>
  error instanceof NamespaceNotFoundError || error instanceof WorkflowNotFoundError;

const nameOf = (error: unknown) => (error instanceof Error ? error.name : typeof error);
