/**
 * Node as jest has it, but for one thing: its global object is a plain one. Jest's is asked through an interceptor, at each
 * use of `Math` or `Buffer`, which is a third of what the longest suites take.
 */
const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

const { createContext } = vm;

module.exports = class extends TestEnvironment {
  constructor(...given) {
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(...given);
    } finally {
      vm.createContext = createContext;
    }
  }
};
