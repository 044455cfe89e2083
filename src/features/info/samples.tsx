/** The public pages, in every state. */
import type { Service } from '../../domain/relyingParty/services.ts';
import type { PageFrame } from '../../ui/layout.tsx';
import { AccessibilityPage } from './accessibility.page.tsx';
import { HELP_TOPICS, HelpPage, HelpTopicPage } from '../../ui/help.tsx';
import { PrivacyPage } from './privacy.page.tsx';
import { ServicesPage } from './services.page.tsx';
import { StartPage } from './start.page.tsx';

const randers: Service = {
  kind: 'public',
  name: { da: 'Randers Kommune', en: 'Randers Municipality' },
  words: {
    da: {
      purpose: 'Flytning, pladsanvisning og breve fra kommunen.',
      without: 'Kom til Borgerservice, Laksetorvet, 8900 Randers C, eller ring på 89 15 15 15.',
    },
    en: {
      purpose: 'Moving house, day care and letters from the municipality.',
      without: 'Come to Citizen Service, Laksetorvet, 8900 Randers C, or phone 89 15 15 15.',
    },
  },
  homePage: 'https://randers.example/selvbetjening',
};
const bank: Service = {
  kind: 'bank',
  name: { da: 'Østbanken', en: 'East Bank' },
  words: null,
  homePage: null,
};

const statusLine = {
  da: 'Breve er et par dage om at komme frem i uge 49. Du kan logge på som ellers.',
  en: 'Letters take a few days longer this week. You can sign in as usual.',
};

const composeServicesSample = (state: string, query: string, found: readonly Service[]) => ({
  state,
  render: (frame: PageFrame) => ServicesPage({ ...frame, query, services: found }),
});

export const INFO_GALLERY = {
  start: [
    { state: 'first', render: (frame: PageFrame) => StartPage({ ...frame, playground: null }) },
    {
      state: 'status-line',
      render: (frame: PageFrame) =>
        StartPage({ ...frame, statusLine: statusLine[frame.language], playground: null }),
    },
    { state: 'sandbox', render: (frame: PageFrame) => StartPage({ ...frame, playground: '/developers' }) },
  ],
  services: [
    composeServicesSample('first', '', [randers, bank]),
    composeServicesSample('found', 'flytte', [randers]),
    composeServicesSample('nothing', 'flyvebilletter', []),
    composeServicesSample('none', '', []),
  ],
  help: [{ state: 'first', render: (frame: PageFrame) => HelpPage(frame) }],
  'help-topic': HELP_TOPICS.map((topic) => ({
    state: topic as string,
    render: (frame: PageFrame) => HelpTopicPage({ ...frame, topic }),
  })),
  accessibility: [
    { state: 'first', render: (frame: PageFrame) => AccessibilityPage(frame) },
    {
      state: 'in-the-was-tool',
      render: (frame: PageFrame) =>
        AccessibilityPage({
          ...frame,
          contact: { ...frame.contact, accessibilityUrl: 'https://was.digst.dk/noegle-example' },
        }),
    },
  ],
  privacy: [{ state: 'first', render: (frame: PageFrame) => PrivacyPage(frame) }],
};
