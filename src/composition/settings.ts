/** The settings of a node, its external dependencies, and the app that is built from both. */
import type { RequestListener } from 'node:http';
import type { DeliverySettings } from '../config/delivery.ts';
import type { Random } from '../domain/random.ts';
import type { Rules } from '../domain/rules.ts';
import type { ServiceContact } from '../domain/serviceContact.ts';
import type { JobTasks } from '../jobs/tasks.ts';
import type { JobWorker } from '../jobs/worker.ts';
import type { SandboxCallLog } from '../oidc/provider/outgoingFetch.ts';
import type { Clock } from '../platform/clock.ts';
import type { KeyringFile } from '../platform/keyring.ts';
import type { Log } from '../platform/log.ts';
import type { AuditSinkSettings } from '../platform/outbound/openAuditSink.ts';
import type { NodeMetrics } from '../platform/metrics/nodeMetrics.ts';
import type { PasswordHasher } from '../platform/hashing/passwordHasher.ts';
import type { AppContext } from '../features/appContext.ts';
import type { AttestationSettings } from '../features/securityKeySettings.ts';
import type { DemoListing } from '../features/demoListing.ts';

export interface AppSettings {
  readonly issuer: string;
  readonly databaseUrl: string;
  /** The worker's connections; `databaseUrl` when not set. */
  readonly directDatabaseUrl?: string;
  /** In front of `databaseUrl`; null or not set for none. */
  readonly pooler?: 'transaction' | null;
  readonly databasePool: number;
  readonly databaseTimeoutMs: number;
  readonly keyring: KeyringFile;
  readonly post: DeliverySettings;
  readonly rules: Rules;
  /** Shown on pages, in letters and in mails. */
  readonly contact: ServiceContact;
  /** The models of security keys that are attested; null or not set for none. */
  readonly securityKeyModels?: AttestationSettings | null;
  /** Where security issues are reported; the hotline when null or not set. */
  readonly securityContact?: string | null;
  /** Ranges of breached passwords that the operator loaded. */
  readonly breachedPasswordsDir?: string | null;
  readonly privateOrigins: readonly string[];
  /** Only in the sandbox. */
  readonly sandboxCalls?: SandboxCallLog;
  /** Relying parties that register themselves wait for an operator's approval. */
  readonly waitsForApproval?: boolean;
  readonly proxyHops: number;
  /** Addresses and CIDR ranges of proxies whose request ids and traces are taken. */
  readonly trustedProxies?: readonly string[];
  /**
   * The port on which this node listens: first-party clients call it as relying parties do, without leaving
   * the node.
   */
  readonly selfPort: number;
  /** The loopback, unless the node listens at one address only. */
  readonly selfHost?: string;
  /** The second place of the audit log; null or not set for none. */
  readonly auditSink?: AuditSinkSettings | null;
  /** A start neither waits for the audit sink nor minds that none is set. */
  readonly withoutSink?: boolean;
  /** A command neither waits for another database server to fall silent nor writes to the sink. */
  readonly isCommand?: boolean;
  /** Only in the sandbox: what the developers' playground shows. */
  readonly demo?: () => DemoListing;
}

/** The external dependencies of the app; tests replace some of them. */
export interface AppDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Replaces the hasher that is sized by the cores of this machine and the cost in the rules. */
  readonly hasher?: PasswordHasher;
}

export interface App {
  readonly context: AppContext;
  readonly log: Log;
  readonly handle: RequestListener;
  /** The background jobs; `startWorker` runs them. */
  readonly tasks: JobTasks;
  readonly metrics: NodeMetrics;
  /** The worker that runs the tasks; from then on readiness and the metrics depend on it. */
  watchWorker(worker: JobWorker): void;
  /** Until the app is closed, picks up changed signing keys and the cost of people's password hashes. */
  follow(): void;
  /**
   * Reports not ready from now on, so that a load balancer leaves this node out. Requests are still answered.
   */
  leave(): void;
  close(): Promise<void>;
}
