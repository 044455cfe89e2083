/**
 * The audit sink behind an address: `GET` and `PUT` of objects below it, as object stores take them. An
 * object is created with `If-None-Match: *` (RFC 9110, 13.1.2), which a store must judge at once: 201 or 200
 * when it was created, 412 when it was there before.
 */
import { readFileSync } from 'node:fs';
import { assertObjectName, AuditSinkUnavailable, type AuditSink } from './auditSink.ts';

const TIMEOUT_MS = 5_000;
/** Larger than any object that is written. */
const MAX_BYTES = 64 * 1024 * 1024;

/** @param tokenFile a bearer token, read for each request so that it can be replaced; null for none */
export function openHttpsAuditSink(url: string, tokenFile: string | null): AuditSink {
  const base = url.endsWith('/') ? url : `${url}/`;
  const request = async (
    name: string,
    init: { readonly method: string; readonly body?: Buffer; readonly headers?: Record<string, string> },
    expected: readonly number[],
  ): Promise<Response> => {
    assertObjectName(name);
    try {
      const token = tokenFile === null ? null : readFileSync(tokenFile, 'utf8').trim();
      const response = await fetch(new URL(name, base), {
        ...init,
        body: init.body ? new Uint8Array(init.body) : null,
        headers: { ...init.headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (expected.includes(response.status)) return response;
      await response.body?.cancel();
      throw new Error(`it answered ${response.status}`);
    } catch (error) {
      const { message, cause } = error as Error;
      const code = (cause as NodeJS.ErrnoException | undefined)?.code;
      throw new AuditSinkUnavailable(`${base}: ${code ?? message}`, { cause: error });
    }
  };
  const type = { 'content-type': 'application/octet-stream' };
  return {
    name: base,
    read: async (name) => {
      const response = await request(name, { method: 'GET' }, [200, 404]);
      if (response.status === 404) {
        await response.body?.cancel();
        return null;
      }
      const bytes = await response.arrayBuffer().catch((error: unknown) => {
        throw new AuditSinkUnavailable(`${base}: ${(error as Error).message}`, { cause: error });
      });
      if (bytes.byteLength > MAX_BYTES) throw new AuditSinkUnavailable(`${base}: ${name} is too large`);
      return Buffer.from(bytes);
    },
    create: async (name, content) => {
      const headers = { ...type, 'if-none-match': '*' };
      const response = await request(name, { method: 'PUT', body: content, headers }, [200, 201, 204, 412]);
      await response.body?.cancel();
      return response.status !== 412;
    },
    replace: async (name, content) => {
      const response = await request(name, { method: 'PUT', body: content, headers: type }, [200, 201, 204]);
      await response.body?.cancel();
    },
  };
}
