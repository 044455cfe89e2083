/**
 * Jest's Node environment, with one difference: its global object is a plain one. Jest's is read through
 * an interceptor, at each use of `Math` or `Buffer`, which is a third of the time of the longest suites.
 */
const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

const { createContext } = vm;

module.exports = class extends TestEnvironment {
  constructor(...args) {
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(...args);
    } finally {
      vm.createContext = createContext;
    }
  }
};
