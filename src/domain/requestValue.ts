/** An object that lives as long as a request: the Koa context, or the unit of work. */
interface OfRequest {
  readonly state: object;
}

/**
 * A typed value in the state of one request. Its key is a private symbol, so no other module can read or set
 * it.
 */
export class RequestValue<T> {
  readonly #name: symbol;

  /** @param what label of the symbol, for a dump of the state */
  constructor(what: string) {
    this.#name = Symbol(what);
  }

  find({ state }: OfRequest): T | undefined {
    return Reflect.get(state, this.#name) as T | undefined;
  }

  set({ state }: OfRequest, value: T): void {
    Reflect.set(state, this.#name, value);
  }
}
