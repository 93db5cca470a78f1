/** A remote process group whose id the host tells in a line of output; what is to be done with it waits until then. */
export class AnnouncedGroup {
  readonly #waiting: ((id: number) => void)[] = [];
  #id: number | undefined;

  /** The host has told the id. */
  note(id: number): void {
    this.#id = id;
    for (const act of this.#waiting.splice(0)) act(id);
  }

  /** Does something with the group, as soon as its id is known. */
  use(act: (id: number) => void): void {
    if (this.#id === undefined) this.#waiting.push(act);
    else act(this.#id);
  }
}
