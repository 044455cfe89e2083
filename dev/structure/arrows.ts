/**
 * Who may import whom. A folder below `src` -> what it may import; `type:` is for types alone. Features
 * import what `features` names; another feature they reach through its `index.ts`, and only along a pair of
 * the list.
 */
import { homeOf, isWords, type Import } from './sources.ts';

export const ARROWS: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  // A sealed value that does not open is an error that pages and jobs know, and the log names each such row.
  platform: [
    'type:domain',
    'domain/damagedSeal.ts',
    'domain/tamperedRow.ts',
    'domain/auditTree/signedNote.ts',
  ],
  db: ['domain'],
  delivery: ['domain'],
  oidc: ['domain', 'db', 'type:platform'],
  ui: ['domain'],
  http: ['domain', 'ui', 'type:platform', 'oidc/signIn/browserSessions.ts', 'oidc/signIn/interaction.ts'],
  context: ['type:domain', 'type:db', 'type:platform', 'type:oidc'],
  features: ['domain', 'db', 'delivery', 'platform', 'ui', 'http', 'context', 'type:oidc'],
  gallery: ['domain', 'ui', 'http', 'features'],
  jobs: ['domain', 'db', 'delivery', 'platform', 'context', 'features'],
  config: ['domain', 'platform'],
  composition: [
    'domain',
    'db',
    'delivery',
    'platform',
    'oidc',
    'ui',
    'http',
    'jobs',
    'features',
    'context',
    'type:config',
  ],
  'app.ts': [
    'domain',
    'db',
    'delivery',
    'platform',
    'oidc',
    'ui',
    'http',
    'jobs',
    'features',
    'context',
    'composition',
    'type:config',
  ],
  sandbox: ['domain', 'db', 'platform', 'oidc', 'features', 'context', 'config', 'app.ts'],
  cli: [
    'domain',
    'db',
    'delivery',
    'jobs',
    'platform',
    'oidc',
    'features',
    'context',
    'config',
    'app.ts',
    'sandbox/sandboxSettings.ts',
  ],
  'main.ts': ['db', 'platform', 'config', 'app.ts', 'sandbox'],
  'cli.ts': ['cli', 'db', 'type:app.ts'],
};

/** A feature -> another whose `index.ts` it may import. There is no circle among them. */
export const FEATURE_PAIRS: readonly (readonly [from: string, to: string])[] = [
  ['access', 'sessions'],
  ['activation', 'authentication'],
  ['activation', 'contact'],
  ['activation', 'guardian'],
  ['activation', 'identity'],
  ['activation', 'issuing'],
  ['activation', 'securityKeys'],
  ['activation', 'signIn'],
  ['auditLog', 'identity'],
  ['authentication', 'factors'],
  ['authentication', 'identity'],
  ['block', 'authentication'],
  ['block', 'factors'],
  ['block', 'identity'],
  ['desk', 'authentication'],
  ['desk', 'codeTokens'],
  ['desk', 'contact'],
  ['desk', 'factors'],
  ['desk', 'firstPartyClients'],
  ['codeTokens', 'guardian'],
  ['desk', 'guardian'],
  ['desk', 'identity'],
  ['desk', 'issuing'],
  ['desk', 'order'],
  ['desk', 'populationRegister'],
  ['desk', 'securityKeys'],
  ['developers', 'identity'],
  ['factors', 'codeTokens'],
  ['factors', 'contact'],
  ['factors', 'identity'],
  ['factors', 'securityKeys'],
  ['firstPartyClients', 'access'],
  ['issuing', 'authentication'],
  ['issuing', 'contact'],
  ['issuing', 'identity'],
  ['newPassword', 'authentication'],
  ['newPassword', 'identity'],
  ['order', 'authentication'],
  ['order', 'contact'],
  ['order', 'firstPartyClients'],
  ['order', 'issuing'],
  ['order', 'sessions'],
  ['populationRegister', 'contact'],
  ['populationRegister', 'factors'],
  ['populationRegister', 'identity'],
  ['populationRegister', 'issuing'],
  ['selfService', 'access'],
  ['selfService', 'auditLog'],
  ['selfService', 'codeTokens'],
  ['selfService', 'authentication'],
  ['selfService', 'contact'],
  ['selfService', 'factors'],
  ['selfService', 'firstPartyClients'],
  ['securityKeys', 'guardian'],
  ['selfService', 'guardian'],
  ['selfService', 'identity'],
  ['selfService', 'issuing'],
  ['selfService', 'securityKeys'],
  ['selfService', 'sessions'],
  ['selfService', 'signIn'],
  ['signIn', 'access'],
  ['signIn', 'authentication'],
  ['signIn', 'codeTokens'],
  ['signIn', 'contact'],
  ['signIn', 'identity'],
];

/** Packages that one folder alone knows. */
export const OWNED_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  nodemailer: ['platform/'],
  pdfkit: ['delivery/'],
  fontkit: ['delivery/'],
  'date-holidays': ['domain/'],
  'csv-parse': ['platform/'],
  bowser: ['domain/'],
  'oidc-provider': ['oidc/'],
  pg: ['db/'],
  knex: ['db/'],
  '@node-rs/argon2': ['platform/'],
  'prom-client': ['platform/'],
  preact: ['ui/', 'features/', 'gallery/', 'http/'],
};

export function ownerOf(specifier: string): readonly string[] | undefined {
  const parts = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1);
  return OWNED_PACKAGES[parts.join('/')];
}

export function isAllowed({ from, to, isType }: Import): boolean {
  const [here, there] = [homeOf(from), homeOf(to)];
  if (here === there) return true;
  // The table of all words is put together from those of each feature.
  if (isWords(from) && isWords(to)) return true;
  if (here.startsWith('features/') && there.startsWith('features/')) {
    const isPair = FEATURE_PAIRS.some(([a, b]) => `features/${a}` === here && `features/${b}` === there);
    return isPair && to === `${there}/index.ts`;
  }
  const mayImport = ARROWS[here.startsWith('features/') ? 'features' : here] ?? [];
  return mayImport.some((rule) => {
    const wanted = rule.replace('type:', '');
    if (rule.startsWith('type:') && !isType) return false;
    return wanted === to || wanted === there || (wanted === 'features' && there.startsWith('features/'));
  });
}
