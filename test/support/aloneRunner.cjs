/** Jest's own runner, for suites that take times: nothing runs beside them. */
const Runner = require('jest-runner').default;

module.exports = class extends Runner {
  isSerial = true;
};
