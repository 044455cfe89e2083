/**
 * The alert rules by promtool: each fires on series that show its cause, and is silent on those that are
 * usual. Where the series come from a node whose part was broken: alerts.test.ts.
 */
import { expect } from '@jest/globals';
import { ALERTS_FILE, readAlertRules } from '../support/scrape.ts';
import { expectAlerts, promtoolTest, runPromtool } from '../support/promtool.ts';

interface RuleCase {
  readonly fires: Readonly<Record<string, string>>;
  readonly silent: Readonly<Record<string, string>>;
}

const NODE = 'instance="a",job="noegle"';
const REQUESTS = 'noegle_http_request_duration_seconds_count{group="sign_in",status=';
const BUCKET = 'noegle_http_request_duration_seconds_bucket{group="token",status="2xx",le=';
const PASSWORDS = 'noegle_sign_in_steps_total{step="password",outcome="accepted",rp_kind="bank"}';
const SIGN_INS = 'noegle_sign_ins_total{rp_kind="bank",sso="no"}';
const LOCKS = 'noegle_locks_total{what="password"}';

const outbox = (name: string, kind: string) => `noegle_outbox_${name}{outbox="${kind}"}`;
/** Overdue for an hour, or failing; a letter that waits for its day is neither. */
const outboxCase = (kind: string): RuleCase => ({
  fires: { [outbox('overdue_seconds', kind)]: '0+60x90', [outbox('failures', kind)]: '0x90' },
  silent: {
    [outbox('overdue_seconds', kind)]: '3x90',
    [outbox('failures', kind)]: '2x90',
    [outbox('oldest_seconds', kind)]: '86400+60x90',
  },
});

/** One value a minute, for an hour and a half. */
const CASES: Readonly<Record<string, RuleCase>> = {
  NoegleNodeDown: {
    fires: { [`up{${NODE}}`]: '1x10 0x80' },
    silent: { [`up{${NODE}}`]: '1x90', 'up{job="other"}': '0x90' },
  },
  NoegleNotReady: { fires: { noegle_ready: '0x90' }, silent: { noegle_ready: '0 1x89' } },
  NoegleDatabaseAway: {
    fires: { noegle_database_up: '1x80 0x10' },
    silent: { noegle_database_up: '1x88 0x0 1x1' },
  },
  NoegleSignInsFail: {
    fires: { [`${REQUESTS}"2xx"}`]: '0+60x90', [`${REQUESTS}"5xx"}`]: '0+60x90' },
    silent: { [`${REQUESTS}"2xx"}`]: '0+60x90', [`${REQUESTS}"5xx"}`]: '0+1x90' },
  },
  NoegleNoSignIns: {
    fires: { [PASSWORDS]: '0+10x90', [SIGN_INS]: '0x90' },
    silent: { [PASSWORDS]: '0+10x90', [SIGN_INS]: '0+8x90' },
  },
  NoegleSlow: {
    fires: { [`${BUCKET}"1"}`]: '0x90', [`${BUCKET}"5"}`]: '0+60x90', [`${BUCKET}"+Inf"}`]: '0+60x90' },
    silent: { [`${BUCKET}"1"}`]: '0+59x90', [`${BUCKET}"5"}`]: '0+60x90', [`${BUCKET}"+Inf"}`]: '0+60x90' },
  },
  NoeglePoolExhausted: {
    fires: {
      [`noegle_database_pool_waits_total{${NODE}}`]: '0+60x90',
      [`noegle_database_statements_total{${NODE}}`]: '0+90x90',
    },
    silent: {
      [`noegle_database_pool_waits_total{${NODE}}`]: '0+1x90',
      [`noegle_database_statements_total{${NODE}}`]: '0+90x90',
    },
  },
  NoegleHashQueueRefuses: {
    fires: { 'noegle_hash_refusals_total{reason="queue_full"}': '0+60x90' },
    silent: {
      'noegle_hash_refusals_total{reason="queue_full"}': '0x90',
      'noegle_hash_refusals_total{reason="client_gone"}': '0+60x90',
    },
  },
  NoegleEventLoopSlow: {
    fires: { [`nodejs_eventloop_lag_p99_seconds{${NODE}}`]: '0.5x90' },
    silent: { [`nodejs_eventloop_lag_p99_seconds{${NODE}}`]: '0.02x85 0.5x1 0.02x3' },
  },
  NoegleWorkerSilent: {
    fires: { noegle_worker_silent_seconds: '0+60x90' },
    silent: { noegle_worker_silent_seconds: '1x90' },
  },
  // The youngest of two nodes counts.
  NoegleTaskOld: {
    fires: {
      'noegle_task_age_seconds{task="sweep",instance="a"}': '0+60x90',
      'noegle_task_age_seconds{task="sweep",instance="b"}': '0+60x90',
    },
    silent: {
      'noegle_task_age_seconds{task="sweep",instance="a"}': '0+60x90',
      'noegle_task_age_seconds{task="sweep",instance="b"}': '200x90',
    },
  },
  NoegleLettersStandStill: outboxCase('letters'),
  NoegleNoticesStandStill: outboxCase('notices'),
  NoegleLogoutsStandStill: outboxCase('logouts'),
  NoegleSetAside: {
    fires: { [outbox('set_aside', 'letters')]: '1x90' },
    silent: { [outbox('set_aside', 'letters')]: '0x90' },
  },
  NoegleSweepBehind: {
    fires: { noegle_sweep_lag_seconds: '0+60x90' },
    silent: { noegle_sweep_lag_seconds: '300x90' },
  },
  NoegleAuditSinkLags: {
    fires: { noegle_audit_sink_lag_seconds: '0+60x90' },
    silent: { noegle_audit_sink_lag_seconds: '2 45x89' },
  },
  NoegleClockOff: {
    fires: { noegle_clock_offset_seconds: '-6x90' },
    silent: { noegle_clock_offset_seconds: '0.4x90' },
  },
  NoegleSigningKeyOld: {
    fires: { 'noegle_signing_key_age_seconds{alg="ES256",state="current"}': '10400000+60x90' },
    silent: {
      'noegle_signing_key_age_seconds{alg="ES256",state="current"}': '8000000+60x90',
      'noegle_signing_key_age_seconds{alg="ES256",state="retired"}': '20000000+60x90',
    },
  },
  NoegleLocksRise: {
    fires: { [LOCKS]: '0x75 5+5x14' },
    silent: { [LOCKS]: '0x75 0+0.5x14' },
  },
  NoegleTokenReuse: {
    fires: { 'noegle_token_reuse_total{what="refresh_token"}': '0x80 1+1x9' },
    silent: { 'noegle_token_reuse_total{what="refresh_token"}': '0x80 1x9' },
  },
  NoegleRowTampered: {
    fires: { noegle_tampered_rows_total: '0x80 1x9' },
    silent: { noegle_tampered_rows_total: '0x90' },
  },
};

const AT_SECONDS = 5_400;

promtoolTest('the rules are right, and each has its two cases', async () => {
  expect(await runPromtool(['check', 'rules', ALERTS_FILE])).toContain('SUCCESS');
  expect(Object.keys(CASES).sort()).toEqual(
    readAlertRules()
      .map(({ name }) => name)
      .sort(),
  );
});

const minutes = { intervalSeconds: 60, atSeconds: AT_SECONDS };

promtoolTest('each alert fires on its cause, and is silent without', async () => {
  await expectAlerts(
    Object.entries(CASES).flatMap(([alert, { fires, silent }]) => [
      { ...minutes, series: fires, firing: [alert], silent: [] },
      { ...minutes, series: silent, firing: [], silent: [alert] },
    ]),
  );
});

promtoolTest('control: promtool sees an alert that should not fire, and one that should', async () => {
  const series = CASES['NoegleRowTampered']?.fires ?? {};
  await expect(
    expectAlerts([{ ...minutes, series, firing: [], silent: ['NoegleRowTampered'] }]),
  ).rejects.toThrow('FAILED');
  await expect(expectAlerts([{ ...minutes, series, firing: ['NoegleSlow'], silent: [] }])).rejects.toThrow(
    'FAILED',
  );
});
