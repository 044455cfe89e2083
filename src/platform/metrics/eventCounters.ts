/**
 * Counts security events. Each label has a few values, which exist from the start: an alert on a rate sees
 * the first event, too. No label is a person, a network or a client: the kind of the relying party is enough
 * for an alert, and the log names the client.
 */
import { Counter, type Registry } from 'prom-client';
import type { FailedStep, ReportEvent, SecurityEvent } from '../../domain/securityEvent.ts';

const RP_KINDS = ['bank', 'public', 'internal', 'unknown'] as const;
const OUTCOMES = ['accepted', 'wrong', 'locked', 'refused'] as const;
const INITIATORS = ['person', 'staff', 'rules'] as const;
const STEPS = Object.keys({
  password: true,
  key: true,
  code_token: true,
  security_key: true,
  new_card: true,
  sign_in_code: true,
  public_sites: true,
  consent: true,
  temporary_password: true,
  activation_key: true,
  block_password: true,
  new_password_key: true,
  order: true,
  confirmation_key: true,
  desk_key: true,
  current_password: true,
} satisfies Record<FailedStep, true>);

type Labels = Readonly<Record<string, readonly string[]>>;

/** A counter with a series for each combination of its labels, each 0. */
function createCounter(registry: Registry, name: string, help: string, labels: Labels = {}): Counter {
  const counter = new Counter({ name, help, labelNames: Object.keys(labels), registers: [registry] });
  const combinations = Object.entries(labels).reduce<Record<string, string>[]>(
    (all, [label, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [label]: value }))),
    [{}],
  );
  for (const combination of combinations) counter.inc(combination, 0);
  return counter;
}

const BLOCKED = { identity_blocked: 'id', card_blocked: 'card', code_token_blocked: 'code_token' } as const;

function createCounters(registry: Registry) {
  const create = (name: string, help: string, labels?: Labels) =>
    createCounter(registry, `noegle_${name}_total`, help, labels);
  return {
    steps: create('sign_in_steps', 'Forms that were decided: of sign-ins, and wrong ones elsewhere.', {
      step: STEPS,
      outcome: OUTCOMES,
      rp_kind: RP_KINDS,
    }),
    signIns: create('sign_ins', 'Sign-ins that ended with a response to the relying party.', {
      rp_kind: RP_KINDS,
      sso: ['yes', 'no'],
    }),
    // The refusals are a closed union of the domain; a series appears with its first refusal.
    refusals: new Counter({
      name: 'noegle_sign_in_refusals_total',
      help: 'Sign-ins that ended with an error to the relying party, by reason.',
      labelNames: ['refusal', 'rp_kind'],
      registers: [registry],
    }),
    locks: create('locks', 'Passwords and keys that were locked after wrong answers.', {
      what: ['password', 'key', 'current_password'],
    }),
    tokenReuse: create('token_reuse', 'Codes and refresh tokens that were used a second time.', {
      what: ['code', 'refresh_token'],
    }),
    tampered: create('tampered_rows', 'Rows that are not as Nøgle wrote them.'),
    passwordChanges: create('password_changes', 'Passwords that were changed.'),
    sessions: create('sessions_revoked', 'Sessions that were ended before their time.', { by: INITIATORS }),
    blocks: create('blocks', 'IDs, cards and code tokens that were blocked.', {
      what: Object.values(BLOCKED),
      by: INITIATORS,
    }),
    staff: create('staff_actions', 'Actions of staff.', { outcome: ['done', 'refused'] }),
  };
}

export function createEventCounters(registry: Registry): ReportEvent {
  const counters = createCounters(registry);
  return (event) => countEvent(counters, event);
}

function countEvent(counters: ReturnType<typeof createCounters>, event: SecurityEvent): void {
  switch (event.kind) {
    case 'step_accepted':
      return counters.steps.inc({ step: event.step, outcome: 'accepted', rp_kind: readRpKind(event) });
    case 'authn_login_fail':
      return counters.steps.inc({ step: event.step, outcome: event.reason, rp_kind: readRpKind(event) });
    case 'authn_login_success':
      return counters.signIns.inc({
        rp_kind: readRpKind(event),
        sso: event.isSingleSignOn ? 'yes' : 'no',
      });
    case 'authz_fail':
      return counters.refusals.inc({ refusal: event.refusal, rp_kind: readRpKind(event) });
    case 'authn_login_lock':
      return counters.locks.inc({ what: event.what });
    case 'authn_token_reuse':
      return counters.tokenReuse.inc({ what: event.what });
    case 'authn_password_change':
      return counters.passwordChanges.inc();
    case 'session_revoked':
      return counters.sessions.inc({ by: event.by });
    case 'identity_blocked':
    case 'card_blocked':
    case 'code_token_blocked':
      return counters.blocks.inc({ what: BLOCKED[event.kind], by: event.by });
    case 'staff_action':
    case 'staff_action_refused':
      return counters.staff.inc({ outcome: event.kind === 'staff_action' ? 'done' : 'refused' });
    case 'row_tampered':
      return counters.tampered.inc();
    default:
      // An event of a later version is in the log; a listener never fails the request that reports.
      event satisfies never;
  }
}

function readRpKind({ rpKind }: Extract<SecurityEvent, { rpKind: unknown }>): string {
  return rpKind ?? 'unknown';
}
