/** What a node is made with (its settings, and what it takes from the real world), and what it is then. */
import type { RequestListener } from 'node:http';
import type { DeliverySettings } from '../config/delivery.ts';
import type { Random } from '../domain/random.ts';
import type { Rules } from '../domain/rules.ts';
import type { JobTasks } from '../jobs/tasks.ts';
import type { SandboxCallLog } from '../oidc/provider/outgoingFetch.ts';
import type { Clock } from '../platform/clock.ts';
import type { KeyringFile } from '../platform/keyring.ts';
import type { Log } from '../platform/log.ts';
import type { PasswordHasher } from '../platform/hashing/passwordHasher.ts';
import type { AppContext } from '../features/appContext.ts';
import type { DemoListing } from '../features/demoListing.ts';

export interface AppSettings {
  readonly issuer: string;
  readonly databaseUrl: string;
  readonly databasePool: number;
  readonly databaseTimeoutMs: number;
  readonly keyring: KeyringFile;
  readonly post: DeliverySettings;
  readonly rules: Rules;
  /** The phone number at the foot of every page. */
  readonly hotline: string;
  /** Where faults of security are told; the hotline, unless another is set. */
  readonly securityContact?: string | null;
  /** Ranges of breached passwords that the operator loaded. */
  readonly breachedPasswordsDir?: string | null;
  readonly privateOrigins: readonly string[];
  /** In the sandbox alone. */
  readonly sandboxCalls?: SandboxCallLog;
  /** Relying parties that register themselves wait for an operator. */
  readonly waitsForApproval?: boolean;
  readonly proxyHops: number;
  /** Where this node listens itself: our own sites ask it as relying parties do, without going out of the house. */
  readonly selfPort: number;
  /** The loopback, unless it listens at one address alone. */
  readonly selfHost?: string;
  /** In the sandbox alone: what the playground for developers has to show. */
  readonly demo?: () => DemoListing;
}

/** What the app takes from the real world; tests bring some of their own. */
export interface AppDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Another than that of this machine's cores, at our cost. */
  readonly hasher?: PasswordHasher;
}

export interface App {
  readonly context: AppContext;
  readonly log: Log;
  readonly handle: RequestListener;
  /** What nobody waits for; `startWorker` runs them. */
  readonly tasks: JobTasks;
  /** From now until it is closed it takes up signing keys that change, and what people's hashes cost. */
  follow(): void;
  /** From now on not ready: a balancer leaves this node out. What comes is still answered. */
  leave(): void;
  close(): Promise<void>;
}
