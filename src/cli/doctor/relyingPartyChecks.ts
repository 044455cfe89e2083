/**
 * Relying parties: the keys that are fetched, the address that is notified of log-outs, and the certificates
 * of both. Only addresses that a node would call are called; bounded in number and in time.
 */
import type { Inspector } from '../../db/operations/inspection.ts';
import { listClientAddresses, type ClientAddresses } from '../../db/operations/ringKeysInUse.ts';
import { createFetch } from '../../oidc/provider/outgoingFetch.ts';
import { assertPublicHost, createPublicLookup } from '../../oidc/provider/publicFetch.ts';
import { readCertificate } from '../../platform/outbound/tlsProbe.ts';
import { passed, warning, type Finding } from './finding.ts';
import { describeCertificateProblem, describeFailure } from './networkChecks.ts';

const CALLED_AT_MOST = 200;
const CALLED_AT_A_TIME = 8;
const TIMEOUT_MS = 4_000;
const WHOLE_TIMEOUT_MS = 45_000;
const NAME = 'relying-parties';

export async function checkRelyingParties(
  inspector: Inspector,
  privateOrigins: readonly string[],
  now: Date,
): Promise<Finding[]> {
  const all = await listClientAddresses(inspector, CALLED_AT_MOST + 1);
  const clients = all.slice(0, CALLED_AT_MOST);
  const end = performance.now() + WHOLE_TIMEOUT_MS;
  const caller = createCaller(privateOrigins, now);
  const findings: Finding[] = [];
  let checked = 0;
  while (checked < clients.length && performance.now() < end) {
    const some = clients.slice(checked, checked + CALLED_AT_A_TIME);
    findings.push(...(await Promise.all(some.map((client) => checkClient(client, caller)))).flat());
    checked += some.length;
  }
  const problems = findings.filter(({ severity }) => severity !== 'ok');
  if (checked < all.length)
    problems.push(
      warning(
        NAME,
        `only ${checked} were checked, in the time there is`,
        'run doctor when the network is faster',
      ),
    );
  if (problems.length > 0) return problems;
  return [passed(NAME, `${checked} with addresses that Nøgle calls; all answer`)];
}

interface Caller {
  readonly fetch: (url: string, options: RequestInit) => Promise<Response>;
  /** What is wrong with the certificate; null when nothing is, and for `http:`. */
  readonly findCertificateProblem: (url: string) => Promise<string | null>;
}

function createCaller(privateOrigins: readonly string[], now: Date): Caller {
  const fetch = createFetch(privateOrigins);
  return {
    fetch: async (url, options) => await fetch(url, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS) }),
    findCertificateProblem: async (text) => {
      const url = new URL(text);
      if (url.protocol !== 'https:') return null;
      const isPrivate = privateOrigins.includes(url.origin);
      if (!isPrivate) assertPublicHost(url.hostname);
      const lookup = isPrivate ? undefined : createPublicLookup();
      return describeCertificateProblem(await readCertificate(url, { timeoutMs: TIMEOUT_MS, lookup }), now);
    },
  };
}

async function checkClient({ clientId, jwks, logout }: ClientAddresses, caller: Caller): Promise<Finding[]> {
  const problems = [
    ...(jwks === null ? [] : await listProblems(jwks, caller, checkJwks)),
    ...(logout === null ? [] : await listProblems(logout, caller, checkLogoutAddress)),
  ];
  const mend = `ask the owner of ${clientId}; an address on a private network has to be in NOEGLE_PRIVATE_ORIGINS`;
  return problems.map((problem) => warning(NAME, `${clientId}: ${problem}`, mend));
}

async function listProblems(
  url: string,
  caller: Caller,
  check: (url: string, caller: Caller) => Promise<string | null>,
): Promise<string[]> {
  try {
    const certificate = await caller.findCertificateProblem(url);
    const answer = certificate === null ? await check(url, caller) : null;
    return [certificate, answer].filter((problem) => problem !== null).map((problem) => `${url}: ${problem}`);
  } catch (error) {
    return [`${url} cannot be reached: ${describeFailure(error)}`];
  }
}

const MAX_JWKS_LENGTH = 200_000;

async function checkJwks(url: string, { fetch }: Caller): Promise<string | null> {
  const response = await fetch(url, { headers: { accept: 'application/json' } });
  if (response.status !== 200) return `its keys cannot be fetched: it answers ${response.status}`;
  const text = await response.text();
  if (text.length > MAX_JWKS_LENGTH) return 'its keys are too long';
  try {
    const { keys } = JSON.parse(text) as { keys?: unknown };
    return Array.isArray(keys) && keys.length > 0 ? null : 'it has no keys';
  } catch {
    return 'its keys are no JSON';
  }
}

/** A log-out is sent by POST; HEAD only shows that the address is there, and most answer 405. */
async function checkLogoutAddress(url: string, { fetch }: Caller): Promise<string | null> {
  const { status } = await fetch(url, { method: 'HEAD' });
  if (status >= 300 && status < 400)
    return `the address for log-outs answers ${status}, and no redirect is followed`;
  return status === 404 || status >= 500 ? `the address for log-outs answers ${status}` : null;
}
