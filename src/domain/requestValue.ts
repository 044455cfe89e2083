/** What lives as long as a request: Koa's context of it, or its unit of work. */
interface OfRequest {
  readonly state: object;
}

/** A value of one request, kept in its state under a name that nothing else can have. */
export class RequestValue<T> {
  readonly #name: symbol;

  /** @param what named in a dump of the state */
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
