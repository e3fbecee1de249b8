package synod.cli.bench;

/**
 * A client of a store, as the load generator uses it: an operation is begun and reports its end, no
 * thread waits for it. May be used by any thread.
 */
interface Driver extends AutoCloseable {
  /**
   * Told once how an operation ended, by any thread. Must not block. A success is never reported
   * from within {@link #send}.
   */
  interface Reply {
    void succeeded();

    void failed(String why);
  }

  /** What is about to come; nothing is under way. */
  default void prepare(int outstanding) {}

  /**
   * Begins an operation.
   *
   * @param operation its arrays stay as they are
   */
  void send(Operation operation, Reply reply);

  /** Ends what is under way. */
  @Override
  void close();
}
