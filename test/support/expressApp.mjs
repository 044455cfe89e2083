/**
 * A third-party relying party: Express with `express-openid-connect`, set up as its documentation says. A
 * separate process; its parent can stop it for a while, and restart it with its sessions.
 */
import { randomBytes } from 'node:crypto';
import express from 'express';
import { auth } from 'express-openid-connect';

/** The interface of `express-session` stores. */
class MapStore {
  sessions = new Map();
  get(id, done) {
    done(null, this.sessions.get(id) ?? null);
  }
  set(id, session, done) {
    this.sessions.set(id, session);
    done?.(null);
  }
  destroy(id, done) {
    this.sessions.delete(id);
    done?.(null);
  }
}

const { issuer, port, clientId, clientSecret } = JSON.parse(process.argv[2]);
const app = express();
app.use((req, res, next) => {
  if (req.path === '/backchannel-logout') res.on('finish', () => process.send({ received: res.statusCode }));
  next();
});
app.use(
  auth({
    issuerBaseURL: issuer,
    baseURL: `http://127.0.0.1:${port}`,
    clientID: clientId,
    clientSecret,
    clientAuthMethod: 'client_secret_basic',
    secret: randomBytes(32).toString('hex'),
    idTokenSigningAlg: 'ES256',
    idpLogout: true,
    authRequired: false,
    authorizationParams: { response_type: 'code', scope: 'openid profile' },
    session: { store: new MapStore() },
    backchannelLogout: true,
  }),
);
app.get('/', (req, res) => {
  res.send(req.oidc.isAuthenticated() ? 'signed in' : 'signed out');
});

let server;
const listen = () => (server = app.listen(port, '127.0.0.1', () => process.send({ is: 'listening' })));
process.on('message', (command) => {
  if (command === 'come back') return listen();
  server.close(() => process.send({ is: 'gone' }));
  server.closeAllConnections();
});
process.on('disconnect', () => process.exit(0));
listen();
