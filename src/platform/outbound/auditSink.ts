/**
 * The second place of the audit log: a folder, or an HTTPS endpoint. It stores objects under names. What was
 * created is never replaced, also when two nodes create it at once; only the two pointers `head` and `epoch`
 * are. Nothing here knows what the objects say.
 */
export interface AuditSink {
  /** For operators: the folder or the address. */
  readonly name: string;
  /** @returns null when there is none. @throws AuditSinkUnavailable */
  read(name: string): Promise<Buffer | null>;
  /** @returns false when an object has this name already. @throws AuditSinkUnavailable */
  create(name: string, content: Buffer): Promise<boolean>;
  /** Stores the object in place of any that has this name. @throws AuditSinkUnavailable */
  replace(name: string, content: Buffer): Promise<void>;
}

/** The sink cannot be reached, or does not accept this Nøgle. */
export class AuditSinkUnavailable extends Error {}

/** Names are paths: parts of letters, digits, dots and hyphens. */
const NAME = /^[a-z0-9][a-z0-9.-]*(\/[a-z0-9][a-z0-9.-]*)*$/;

/** @throws Error when it is no name of an object */
export function assertObjectName(name: string): void {
  if (!NAME.test(name) || name.length > 200) throw new Error(`${name} is no name of an object`);
}
