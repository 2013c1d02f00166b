import {
  ServerInterceptingCall,
  ServerListenerBuilder,
  status,
  type Metadata,
  type ServerInterceptor,
} from '@grpc/grpc-js';
import type { Activity } from '../activity.js';
import { CallError, statusFor } from '../protocol/errors.js';
import { GossipService, ServerFeaturesService } from '../protocol/services.js';
import type { Authenticator, Identity } from './authentication.js';

/** `stop` ends the watching of open calls. */
export type AuthenticatedCalls = Readonly<{ interceptor: ServerInterceptor; stop: () => void }>;

/** Clients send no credentials with these, which say nothing but the version and where the caller has reached us. */
const openToAll = new Set<string>([GossipService.read.path, ServerFeaturesService.getSupportedMethods.path]);

const sweepInterval = 1_000;

type OpenCall = Readonly<{ identity: Identity; end: () => void }>;

/**
 * Lets no gRPC call through to its handler without the name and the password of a user. Calls that stay open are ended
 * within a second after their user was removed or got another password.
 */
export const authenticateCalls = ({ check, isCurrent }: Authenticator, activity: Activity): AuthenticatedCalls => {
  const openCalls = new Set<OpenCall>();

  const interceptor: ServerInterceptor = (method, call) => {
    if (openToAll.has(method.path)) return new ServerInterceptingCall(call);
    const staysOpen = method.requestStream || method.responseStream;
    let isOver = false;
    let open: OpenCall | undefined;
    const admit = (metadata: Metadata, identity: Identity, next: (metadata: Metadata) => void) => {
      if (isOver) return;
      metadata.remove('authorization');
      open = { identity, end: () => call.sendStatus(withdrawn()) };
      if (staysOpen) openCalls.add(open);
      next(metadata);
    };
    const refuse = (error: CallError) => {
      activity.refusedCalls += 1;
      call.sendStatus(error);
    };
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        check(metadata.get('authorization')[0]?.toString()).then(
          (verdict) => {
            if (verdict.type === 'accepted') admit(metadata, verdict.identity, next);
            else refuse(verdict.type === 'busy' ? busy() : unauthenticated());
          },
          (error: unknown) => refuse(statusFor(error)),
        );
      })
      .withOnCancel(() => {
        isOver = true;
        if (open) openCalls.delete(open);
      })
      .build();
    return new ServerInterceptingCall(call, { start: (next) => next(listener) });
  };

  const sweep = () => {
    const current = new Map<string, boolean>();
    for (const { identity, end } of openCalls) {
      const key = `${identity.name}:${identity.hash}`;
      const isStill = current.get(key) ?? isCurrent(identity);
      current.set(key, isStill);
      if (!isStill) end();
    }
  };
  const timer = setInterval(sweep, sweepInterval).unref();
  return { interceptor, stop: () => clearInterval(timer) };
};

const unauthenticated = () =>
  new CallError(
    status.UNAUTHENTICATED,
    'The name and the password of a user are needed: put them into the connection string, esdb://name:password@host',
  );

const withdrawn = () =>
  new CallError(status.UNAUTHENTICATED, 'The user of this call was removed or has another password now');

const busy = () =>
  new CallError(status.RESOURCE_EXHAUSTED, 'Too many passwords wait to be checked: try again in a moment');
