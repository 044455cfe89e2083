/** Jest's own runner, for suites that measure time: no other test runs at the same time. */
const Runner = require('jest-runner').default;

module.exports = class extends Runner {
  isSerial = true;
};
