package synod.kv;

/**
 * A session's name: the place in the log of the command that opened it, so that it is unique
 * without anybody choosing it.
 *
 * @param slot the slot of the log entry
 * @param index the command's position in that entry, from 0
 */
public record SessionId(long slot, int index) implements Comparable<SessionId> {
  @Override
  public int compareTo(SessionId other) {
    int bySlot = Long.compare(slot, other.slot);
    return bySlot != 0 ? bySlot : Integer.compare(index, other.index);
  }

  /** The form that clients see: {@code slot-index}. */
  @Override
  public String toString() {
    return slot + "-" + index;
  }

  /**
   * @throws IllegalArgumentException if the text is not of the form {@code slot-index}
   */
  public static SessionId parse(String text) {
    int dash = text.indexOf('-');
    try {
      if (dash > 0) {
        long slot = Long.parseLong(text, 0, dash, 10);
        int index = Integer.parseInt(text, dash + 1, text.length(), 10);
        if (slot > 0 && index >= 0) {
          return new SessionId(slot, index);
        }
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a session id (slot-index, as in 17-0): " + text, e);
    }
    throw new IllegalArgumentException("not a session id (slot-index, as in 17-0): " + text);
  }
}
