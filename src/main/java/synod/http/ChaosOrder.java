package synod.http;

/**
 * What a chaos scheduler is told over HTTP, on its way to the node that it is meant for.
 *
 * @param schedule with {@link Action#CONFIGURE} alone; null otherwise
 * @param kill with {@link Action#KILL} alone; null otherwise
 */
record ChaosOrder(Action action, ChaosHandler.Schedule schedule, ChaosHandler.Kill kill) {
  enum Action {
    DESCRIBE,
    CONFIGURE,
    KILL
  }
}
