/**
 * What an operator can do about a connection that fails, by the code or the words of the error. An entry that
 * `lasts` is not cured by waiting: a start then ends at once.
 */

interface Advice {
  /** SQLSTATEs, and error codes of Node. */
  readonly codes?: RegExp;
  /** Words of an error that has no code of its own, or shares it with others. */
  readonly words?: RegExp;
  readonly mend: string;
  readonly lasts?: true;
}

const CA_MEND =
  'name the certificate of the authority that signed it: ?sslmode=verify-full&sslrootcert=/path/ca.pem ' +
  '(sslmode=no-verify would accept any server)';

/** The first match counts: entries with words stand before those that go by a code alone. */
const ADVICE: readonly Advice[] = [
  {
    words: /unsupported startup[ _]parameter/i,
    mend:
      'A pooler is in front, and a node needs its connections to keep their settings: let the URL lead to ' +
      'PostgreSQL, past the pooler; or, with PgBouncer 1.21 or newer in transaction mode, set ' +
      'NOEGLE_POOLER=transaction for DATABASE_URL, and NOEGLE_DIRECT_DATABASE_URL for the worker',
    lasts: true,
  },
  {
    codes: /^(26000|42P05)$/,
    mend:
      'A pooler shares sessions and does not keep their prepared statements: it takes PgBouncer 1.21 or newer ' +
      'with max_prepared_statements above 0 (500 has room for all of a node), or let the URL lead to ' +
      'PostgreSQL, past the pooler',
    lasts: true,
  },
  {
    words: /statement pooling mode/i,
    mend: 'A node needs transactions: set pool_mode = transaction in PgBouncer',
    lasts: true,
  },
  {
    words: /no such database|no such user|not allowed to connect|bouncer config error/i,
    mend: 'The pooler does not know this database or user: see its [databases] and auth_file',
    lasts: true,
  },
  {
    words: /server_login_retry|server login|query_wait_timeout|pooler error|no more connections allowed/i,
    mend: 'The pooler answers, but gets no connection to PostgreSQL: see its log, and its pool_size',
  },
  {
    words: /no pg_hba\.conf entry|pg_hba\.conf rejects/,
    mend:
      'Add a line for this address, user and database to pg_hba.conf of the server, and reload it; where it has ' +
      'one for TLS alone (hostssl), add ?sslmode=verify-full to the URL',
    lasts: true,
  },
  {
    words: /SSL required/i,
    mend: 'The server takes no unencrypted connections from here: add ?sslmode=verify-full to the URL',
    lasts: true,
  },
  {
    words: /does not support SSL/,
    mend: 'Turn TLS on in the server (ssl = on), or leave sslmode out of the URL where the way is safe',
    lasts: true,
  },
  {
    codes: /^28P01$/,
    mend: 'User or password of the URL are wrong; in a URL the signs : / @ # ? % of a password are percent-encoded',
    lasts: true,
  },
  { codes: /^28...$/, mend: 'See the user in the URL, and pg_hba.conf of the server', lasts: true },
  { codes: /^3D000$/, mend: 'Create the database, or mend its name at the end of the URL', lasts: true },
  { codes: /^3F000$|^42P01$/, mend: 'Run "migrate" as the owner first', lasts: true },
  { codes: /^42501$/, mend: 'The role of the URL lacks this right', lasts: true },
  {
    codes: /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)$/,
    mend: `The certificate of the server is signed by no authority that this machine knows: ${CA_MEND}`,
    lasts: true,
  },
  {
    codes: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    mend: 'Use a host name that the certificate has (a name, not an address), or get one for this name',
    lasts: true,
  },
  {
    codes: /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/,
    mend: 'Renew the certificate of the server, and see the clock of this machine',
    lasts: true,
  },
  { codes: /^CERT_/, mend: `The certificate of the server is not accepted: ${CA_MEND}`, lasts: true },
  {
    codes: /^(ERR_SSL_|EPROTO$)/,
    mend: 'TLS failed: see the TLS versions of the server (ssl_min_protocol_version), and sslcert and sslkey',
    lasts: true,
  },
  { codes: /^(ENOTFOUND|EAI_AGAIN)$/, mend: 'See the host in the URL, and the DNS of this machine' },
  {
    codes: /^ECONNREFUSED$/,
    mend: 'Nothing listens there: see whether it runs, and host and port of the URL',
  },
  { codes: /^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/, mend: 'See host and port of the URL, and firewalls' },
  { codes: /^53300$/, mend: 'Raise max_connections of the server, or run fewer nodes or smaller pools' },
];

export interface ConnectionError {
  readonly message: string;
  readonly code: string | null;
}

/** @returns null for an error that needs no advice */
export function findAdvice({ message, code }: ConnectionError): { mend: string; lasts: boolean } | null {
  const found = ADVICE.find(
    ({ codes, words }) => words?.test(message) === true || (code !== null && codes?.test(code) === true),
  );
  return found ? { mend: found.mend, lasts: found.lasts === true } : null;
}

const TLS_CODES =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_|ERR_SSL_)/;
const TLS_WORDS = /does not support SSL|establishing an SSL connection/;

/** True when no connection came about, because of TLS. */
export function isTlsError({ message, code }: ConnectionError): boolean {
  return (code !== null && TLS_CODES.test(code)) || TLS_WORDS.test(message);
}
