/**
 * What takes longest begins first, also in a fresh clone, where jest knows of no times: else two workers sit idle while
 * the last long suite runs. Seconds of a run on two cores, by the path below test/; what is not here takes little.
 */
const Sequencer = require('@jest/test-sequencer').default;

const SECONDS = {
  'proof/cardHistories.test.ts': 240,
  'proof/cardHistoriesAgain.test.ts': 240,
  'proof/levels.test.ts': 190,
  'proof/histories.test.ts': 180,
  'proof/gallery.test.ts': 160,
  'proof/signingKeysCli.test.ts': 90,
  'proof/ladder.test.ts': 88,
  'proof/scale.test.ts': 82,
  'proof/demo.test.ts': 78,
  'proof/card.test.ts': 78,
  'proof/register.test.ts': 70,
  'proof/relyingPartyDown.test.ts': 68,
  'proof/rotation.test.ts': 40,
  'proof/gettingAnId.test.ts': 35,
  'proof/browser.test.ts': 28,
  'letters.test.ts': 52,
  'start.test.ts': 44,
  'ladder.test.ts': 43,
  'signingKeys.test.ts': 41,
  'block.test.ts': 39,
  'gallery.test.ts': 38,
  'demo.test.ts': 33,
  'cardHistories.test.ts': 29,
  'logout.test.ts': 29,
  'rolling.test.ts': 26,
  'levels.test.ts': 23,
  'printHouse.test.ts': 17,
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
