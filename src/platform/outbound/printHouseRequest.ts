/** One request to the print house, over a connection of its own. `fetch` takes no client certificate. */
import { request as requestByHttp } from 'node:http';
import { request as requestByHttps } from 'node:https';
import type { PrintHouseCredentials } from './printHouseCredentials.ts';

/** The status of the response, or a description of why there is none. */
export type PrintHouseOutcome =
  | { readonly status: number }
  | { readonly fault: string; readonly isRefusal: boolean };

/**
 * TLS alerts by which a server refuses a client certificate, or the lack of one. After TLS 1.3's handshake
 * they arrive as errors of the connection.
 */
const REFUSED_CERTIFICATE =
  /ALERT_(CERTIFICATE_(REQUIRED|UNKNOWN|EXPIRED|REVOKED)|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE)/;

/** A redirect is an answer like others: a letter is sent only to the configured address. */
export async function requestPrintHouse(
  url: URL,
  { method, body = '' }: { readonly method: 'PUT' | 'HEAD'; readonly body?: string },
  { token, tls }: PrintHouseCredentials,
  timeoutMs: number,
): Promise<PrintHouseOutcome> {
  const headers = {
    ...(method === 'PUT'
      ? { 'content-type': 'application/jose', 'content-length': Buffer.byteLength(body) }
      : {}),
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
  const signal = AbortSignal.timeout(timeoutMs);
  const options = { method, headers, signal, agent: false };
  return await new Promise((resolve) => {
    const request =
      url.protocol === 'https:' ? requestByHttps(url, { ...options, ...tls }) : requestByHttp(url, options);
    request.on('response', (response) => {
      resolve({ status: response.statusCode ?? 0 });
      // The response body is not awaited, and is no reason to send the letter again.
      response.on('error', () => undefined).destroy();
    });
    request.on('error', (error) => resolve(describeNoResponse(error, timeoutMs)));
    request.end(body);
  });
}

/** Uses only the names and codes of errors: their messages may repeat what was sent. */
function describeNoResponse(
  error: Error & { readonly code?: unknown },
  timeoutMs: number,
): PrintHouseOutcome {
  if (error.name === 'AbortError')
    return { fault: `gave no answer within ${timeoutMs} ms`, isRefusal: false };
  const code = typeof error.code === 'string' ? error.code : '';
  if (REFUSED_CERTIFICATE.test(code)) {
    return { fault: `does not accept the client certificate (${code})`, isRefusal: true };
  }
  return { fault: `could not be reached${code === '' ? '' : `: ${code}`}`, isRefusal: false };
}
