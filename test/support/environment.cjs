/**
 * Jest's Node environment, with one difference: its global object is a plain one. Jest's is read through
 * an interceptor, at each use of `Math` or `Buffer`, which is a third of the time of the longest suites.
 */
const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

const { createContext } = vm;

/**
 * Code that every suite loads is compiled once a worker. V8 does not find it by itself: each suite has its own
 * callback for dynamic imports, which makes it another script.
 */
const compiled = new Map();
const { compileFunction, SourceTextModule } = vm;

vm.compileFunction = (code, parameters, options) => {
  const { filename } = options;
  const known = compiled.get(filename);
  const cachedData = known?.code === code ? known.data : undefined;
  const made = compileFunction(code, parameters, { ...options, cachedData, produceCachedData: !cachedData });
  if (!cachedData) compiled.set(filename, { code, data: made.cachedData });
  return made;
};

vm.SourceTextModule = class extends SourceTextModule {
  constructor(code, options) {
    const key = `module ${options?.identifier}`;
    const known = compiled.get(key);
    const cachedData = known?.code === code ? known.data : undefined;
    super(code, cachedData ? { ...options, cachedData } : options);
    if (!cachedData && options?.identifier) compiled.set(key, { code, data: this.createCachedData() });
  }
};

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
