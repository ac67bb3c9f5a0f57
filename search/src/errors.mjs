/** What can go wrong while searching. A caller shows `message` and offers to try again where `retry` is true. */
export class SearchError extends Error {
  /**
   * @param {'missing' | 'corrupt' | 'format'} kind missing: a file could not be loaded; corrupt: it is not what was
   *   written; format: the index was written for another version of this engine.
   * @param {string} file the file's path from the site's root
   * @param {unknown} [cause]
   */
  constructor(kind, file, cause) {
    const said = {
      missing: `The search index could not be loaded (${file}).`,
      corrupt: `The search index is damaged (${file}).`,
      format: `The search index and this page are of different versions (${file}).`,
    };
    super(said[kind], { cause });
    this.name = "SearchError";
    this.kind = kind;
    this.file = file;
    this.retry = kind !== "format";
  }
}
