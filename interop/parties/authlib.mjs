/**
 * Python's Authlib with Flask, both from Debian: the program of docs/tutorials/quick-start/authlib.md, with
 * the shown values added.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { blockOf, siteOf } from './blocks.mjs';

/** The system's Python, to which Debian's packages belong. */
const PYTHON = '/usr/bin/python3';
const AT = '/usr/lib/python3/dist-packages/authlib';

export const party = {
  name: 'Authlib',
  packages: ['python3-authlib', 'python3-flask', 'python3-requests'],
  isThere: () => spawnSync(PYTHON, ['-c', 'import authlib, flask, requests']).status === 0,
  versionFrom: 'python3-authlib',
  registration: (url) => ({ redirect_uris: [`${url}/callback`] }),
  notOffered: {
    'log-out begun at the site': `${AT}/integrations/flask_client/apps.py:73`,
    'back-channel log-out': `${AT}/integrations/flask_client/apps.py:73`,
  },
  showsError: true,
};

/**
 * Appended to the page's program: the same pages, showing what is known in the format of every site of these
 * tests.
 */
const SHOWN = `
import base64, html, json
from flask import get_flashed_messages
KNOWN = ("sub", "name", "acr", "auth_time", "kid", "error", "error_description")
def page(known):
    shown = {name: known.get(name) for name in KNOWN}
    return "<!doctype html><title>A site</title><main data-site>%s</main>" % html.escape(json.dumps(shown), quote=False)
def as_page(answer):
    known = answer[0].get_json() if isinstance(answer, tuple) else answer.get_json()
    return page(known or {})
plain_home, plain_callback = home, callback
fetch = noegle.authorize_access_token
def fetch_and_keep(**kwargs):
    token = fetch(**kwargs)
    head = token["id_token"].split(".")[0]
    session["kid"] = json.loads(base64.urlsafe_b64decode(head + "==="))["kid"]
    return token
noegle.authorize_access_token = fetch_and_keep
def shown_home():
    return page({**(session.get("claims") or {}), "kid": session.get("kid") if session.get("claims") else None})
def shown_callback():
    answer = plain_callback()
    return as_page(answer) if isinstance(answer, tuple) else answer
app.view_functions["home"], app.view_functions["callback"] = shown_home, shown_callback
`;

export async function serve(settings) {
  const folder = mkdtempSync(path.join(tmpdir(), 'noegle-authlib-'));
  const code = blockOf('docs/tutorials/quick-start/authlib.md', 'python', settings);
  const [program, main] = code.split('\nif __name__');
  const own = `${program}\n${SHOWN}\nif __name__${main.replace('4000', String(settings.port))}`;
  const file = path.join(folder, 'app.py');
  writeFileSync(file, own, { mode: 0o600 });
  const env = { CLIENT_SECRET: settings.clientSecret, COOKIE_SECRET: 'a long text that nobody guesses' };
  return siteOf({ url: settings.url, folder, command: PYTHON, args: [file], env });
}
