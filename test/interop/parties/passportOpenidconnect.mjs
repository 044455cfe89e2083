/** `passport-openidconnect`, with `passport` and `express-session`. */
import { kidOf, page } from '../page.mjs';

export const party = {
  name: 'passport-openidconnect',
  registration: (url) => ({
    redirect_uris: [`${url}/callback`],
    token_endpoint_auth_method: 'client_secret_post',
    // It does not support PKCE.
    require_pkce: false,
  }),
  notOffered: {
    'log-out begun at the site': 'passport-openidconnect/README.md:110',
    'back-channel log-out': 'passport-openidconnect/README.md:110',
  },
  showsError: false,
};

export async function serve({ issuer, url, clientId, clientSecret }) {
  const { default: passport } = await import('passport');
  const { default: Strategy } = await import('passport-openidconnect');
  const { default: express } = await import('express');
  const { default: session } = await import('express-session');

  /**
   * Prompt, age and level are settings of a strategy: a site has one strategy for each kind of sign-in that
   * it offers.
   */
  const strategy = ({ prompt, max_age, acr_values }) =>
    new Strategy(
      {
        issuer,
        authorizationURL: `${issuer}/auth`,
        tokenURL: `${issuer}/token`,
        userInfoURL: `${issuer}/me`,
        clientID: clientId,
        clientSecret,
        callbackURL: `${url}/callback`,
        scope: 'profile',
        nonce: true,
        // Names are in the userinfo answer.
        skipUserProfile: false,
        prompt,
        maxAge: max_age,
        acrValues: acr_values,
      },
      (_issuer, { id, displayName }, context, idToken, done) =>
        done(null, {
          sub: id,
          name: displayName,
          acr: context.class,
          auth_time: Number(context.timestamp) / 1000,
          kid: kidOf(idToken),
        }),
    );
  passport.use(strategy({}));
  passport.serializeUser((user, done) => done(null, user));
  passport.deserializeUser((user, done) => done(null, user));

  const app = express();
  app.use(session({ secret: 'of this test', resave: false, saveUninitialized: false }));
  app.use(passport.authenticate('session'));
  app.get('/', (req, res) => {
    const [error_description = null] = req.session.messages ?? [];
    delete req.session.messages;
    res.send(page({ ...req.user, error_description }));
  });
  app.get('/login', (req, res, next) => passport.authenticate(strategy(req.query))(req, res, next));
  app.get(
    '/callback',
    // Not to the log-in, which would immediately ask a person again who refused.
    passport.authenticate('openidconnect', { failureRedirect: '/', failureMessage: true }),
    (_req, res) => res.redirect('/'),
  );
  app.use((err, _req, res, _next) => {
    res.status(400).send(page({ error: err.code ?? String(err), error_description: err.message }));
  });
  return app;
}
