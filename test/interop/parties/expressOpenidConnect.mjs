/** `express-openid-connect`. */
import { kidOf, page } from '../page.mjs';

export const party = {
  name: 'express-openid-connect',
  registration: (url) => ({
    redirect_uris: [`${url}/callback`],
    post_logout_redirect_uris: [url],
    backchannel_logout_uri: `${url}/backchannel-logout`,
  }),
  notOffered: {},
  showsError: true,
};

export async function serve({ issuer, url, clientId, clientSecret }) {
  const { auth } = await import('express-openid-connect');
  const { default: express } = await import('express');
  const { default: session } = await import('express-session');

  const app = express();
  app.use(
    auth({
      issuerBaseURL: issuer,
      baseURL: url,
      clientID: clientId,
      clientSecret,
      secret: 'a long text that nobody guesses, of this test',
      authorizationParams: { response_type: 'code', scope: 'openid profile' },
      idTokenSigningAlg: 'ES256',
      authRequired: false,
      idpLogout: true,
      backchannelLogout: true,
      session: { store: new session.MemoryStore() },
      routes: { login: false },
      afterCallback: async (req, _res, callbackSession) => ({
        ...callbackSession,
        name: (await req.oidc.fetchUserInfo()).name,
      }),
    }),
  );
  app.get('/login', async (req, res) => {
    const { max_age, ...others } = req.query;
    // It compares the number with `auth_time`: text would be refused.
    const authorizationParams = max_age === undefined ? others : { ...others, max_age: Number(max_age) };
    await res.oidc.login({ returnTo: '/', authorizationParams });
  });
  app.get('/', (req, res) => {
    if (!req.oidc.isAuthenticated()) return void res.send(page({}));
    const { sub, acr, auth_time } = req.oidc.idTokenClaims;
    res.send(page({ sub, acr, auth_time, name: req.appSession.name, kid: kidOf(req.oidc.idToken) }));
  });
  app.use((err, _req, res, _next) => {
    const { error = String(err), error_description } = err;
    res.status(400).send(page({ error, error_description }));
  });
  return app;
}
