/** Where the services of contexts are. */
export type Discovery = Readonly<{
  /**
   * The base URLs of the instances that offer a context, as known now; none where nobody does.
   *
   * @throws DomainError `service.unavailable` when that cannot be told, and never could be.
   */
  instancesOf: (context: string) => Promise<readonly string[]>;
}>;
