/**
 * Starts the longest suites first, also in a fresh clone, where jest knows no times: otherwise two workers
 * are idle while the last long suite runs. Seconds of a run on two cores, by the path below test/; unlisted
 * ones are short.
 */
const Sequencer = require('@jest/test-sequencer').default;

const SECONDS = {
  'proof/histories.test.ts': 190,
  'proof/cardHistories.test.ts': 166,
  'proof/relyingPartiesMany.test.ts': 155,
  'proof/scale.test.ts': 150,
  'proof/relyingPartyDown.test.ts': 145,
  'proof/levels.test.ts': 117,
  'proof/gallery.test.ts': 120,
  'proof/signingKeysCli.test.ts': 90,
  'proof/demo.test.ts': 130,
  'proof/card.test.ts': 70,
  'proof/lockout.test.ts': 65,
  'proof/populationRegister.test.ts': 65,
  'proof/interop.test.ts': 78,
  'proof/selfServiceStory.test.ts': 80,
  'proof/rotation.test.ts': 40,
  'proof/gettingAnId.test.ts': 35,
  'proof/browser.test.ts': 28,
  'proof/loop.test.ts': 40,
  'proof/letters.test.ts': 25,
  'proof/leftovers.test.ts': 20,
  'proof/printHouse.test.ts': 15,
  'proof/registrationDocuments.test.ts': 15,
  'proof/start.test.ts': 12,
  'proof/lostConnections.test.ts': 20,
  'letters.test.ts': 32,
  'start.test.ts': 66,
  'lockout.test.ts': 43,
  'signingKeys.test.ts': 15,
  'block.test.ts': 32,
  'gallery.test.ts': 38,
  'logout.test.ts': 16,
  'lostConnections.test.ts': 25,
  'proof/rolling.test.ts': 26,
  'proof/cardHistoriesPlanted.test.ts': 20,
  'levels.test.ts': 23,
  'registrationDocuments.test.ts': 5,
  'printHouse.test.ts': 4,
  'relyingPartyCli.test.ts': 13,
  'selfService.test.ts': 12,
  'firstPartyClients.test.ts': 12,
  'gettingAnId.test.ts': 16,
  'post.test.ts': 16,
  'order.test.ts': 15,
  'renewal.test.ts': 13,
  'browser.test.ts': 13,
  'databaseAway.test.ts': 13,
  'races.test.ts': 12,
  'rotation.test.ts': 12,
  'activation.test.ts': 11,
  'everyPath.test.ts': 11,
  'passwordAlone.test.ts': 10,
};

const secondsOf = ({ path }) => SECONDS[path.replaceAll('\\', '/').split('/test/').pop()] ?? 0;

module.exports = class extends Sequencer {
  async sort(tests) {
    const bySize = await super.sort(tests);
    return bySize.toSorted((a, b) => secondsOf(b) - secondsOf(a));
  }
};
