package synod.check;

/**
 * An operation and the part of the history's real-time order in which it took effect.
 *
 * @param call the place of its beginning among the events of the history
 * @param end the place of its end; {@link #OPEN} if its effect may come at any later time
 * @param source its index in the history, to describe it
 */
record Interval<O>(O operation, int call, int end, int source) {
  static final int OPEN = Integer.MAX_VALUE;
}
