/**
 * Apache with `mod_auth_openidc`, both from Debian. Configured as docs/tutorials/quick-start/apache.md says,
 * with a minimal site around it.
 */
import { chmodSync, existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { blockOf, siteOf } from './blocks.mjs';

const MODULES = '/usr/lib/apache2/modules';
const LOADED = [
  'mpm_event:mpm_event',
  'authn_core:authn_core',
  'authz_core:authz_core',
  'authz_user:authz_user',
  'alias:alias',
  'env:env',
  'cgid:cgid',
  'unixd:',
  'auth_openidc:auth_openidc',
];

export const party = {
  name: 'mod_auth_openidc',
  packages: ['apache2', 'libapache2-mod-auth-openidc', 'python3'],
  isThere: () => existsSync('/usr/sbin/apache2') && existsSync(`${MODULES}/mod_auth_openidc.so`),
  versionFrom: 'libapache2-mod-auth-openidc',
  registration: (url) => ({
    redirect_uris: [`${url}/oidc`],
    post_logout_redirect_uris: [`${url}/`],
    backchannel_logout_uri: `${url}/oidc?logout=backchannel`,
  }),
  // It takes the `iss` of an error answer (RFC 9207) for the start of another sign-in, and says so: RFC 9207
  // is not among the standards that it lists.
  notOffered: { 'refused consent': '/usr/share/doc/libapache2-mod-auth-openidc/README.md.gz:42' },
  showsError: true,
};

/** Shows what the module put into the environment; starts sign-ins with the requested parameters. */
const SITE = `#!/usr/bin/python3
import base64, html, json, os, urllib.parse
path = os.environ["SCRIPT_NAME"]
site, issuer = os.environ["SITE"], os.environ["ISSUER"]
def go(**params):
    print("Status: 302\\nLocation: %s/oidc?%s\\n" % (site, urllib.parse.urlencode(params)))
if path == "/login":
    go(iss=issuer, target_link_uri=site + "/", auth_request_params=os.environ["QUERY_STRING"])
elif path == "/logout":
    go(logout=site + "/")
else:
    claim = lambda name: os.environ.get("OIDC_CLAIM_" + name)
    shown = {name: claim(name) for name in ("sub", "name", "acr")}
    time, token = claim("auth_time"), os.environ.get("OIDC_id_token")
    shown["auth_time"] = int(time) if time else None
    head = token.split(".")[0] if token else None
    shown["kid"] = json.loads(base64.urlsafe_b64decode(head + "==="))["kid"] if head else None
    shown["error"] = shown["error_description"] = None
    print("Content-Type: text/html; charset=utf-8\\nCache-Control: no-store\\n")
    print("<!doctype html><title>A site</title><main data-site>%s</main>" % html.escape(json.dumps(shown), quote=False))
`;
/** The module escapes these values for HTML, not for JSON. */
const ERRORS = `<!doctype html><title>A site</title><p id="error">%s</p><p id="description">%s</p><main></main><script>
const said = (id) => document.getElementById(id).textContent;
const nothing = { sub: null, name: null, acr: null, auth_time: null, kid: null };
const main = document.querySelector('main');
main.textContent = JSON.stringify({ ...nothing, error: said('error'), error_description: said('description') });
main.dataset.site = '';
</script>`;

function configOf(folder, settings) {
  const { port, url, issuer } = settings;
  const load = LOADED.filter((one) => existsSync(`${MODULES}/mod_${one.split(':')[1]}.so`)).map((one) => {
    const [name, file] = one.split(':');
    return `LoadModule ${name}_module ${MODULES}/mod_${file}.so`;
  });
  // The pages are open to everyone; they show who is signed in.
  return `ServerRoot ${folder}
PidFile ${folder}/pid
Listen 127.0.0.1:${port}
ServerName 127.0.0.1:${port}
User www-data
Group www-data
ErrorLog ${folder}/error.log
LogLevel warn
ScriptSock ${folder}/cgi
${load.join('\n')}
SetEnv SITE ${url}
SetEnv ISSUER ${issuer}
ScriptAlias /login ${folder}/site
ScriptAlias /logout ${folder}/site
ScriptAlias / ${folder}/site/
ScriptAliasMatch ^/$ ${folder}/site
<Directory ${folder}>
  Require all granted
</Directory>
${blockOf('docs/tutorials/quick-start/apache.md', 'apache', settings)}
OIDCPassIDTokenAs claims serialized
OIDCHTMLErrorTemplate ${folder}/error.html
<LocationMatch "^/$">
  AuthType openid-connect
  Require valid-user
  OIDCUnAuthAction pass
</LocationMatch>
`.replace(`ScriptAlias / ${folder}/site/\n`, '');
}

export async function serve(settings) {
  // The user that Apache runs as can read it.
  const folder = mkdtempSync(path.join(tmpdir(), 'noegle-apache-'));
  chmodSync(folder, 0o755);
  writeFileSync(path.join(folder, 'site'), SITE, { mode: 0o755 });
  writeFileSync(path.join(folder, 'error.html'), ERRORS, { mode: 0o644 });
  writeFileSync(path.join(folder, 'apache.conf'), configOf(folder, settings), { mode: 0o600 });
  const args = ['-d', folder, '-f', path.join(folder, 'apache.conf'), '-DFOREGROUND'];
  return siteOf({ url: settings.url, folder, command: '/usr/sbin/apache2', args });
}
