package synod.sim;

/**
 * What happened in a run: always as a hash over everything, so that two runs can be compared; as
 * readable lines only if asked for.
 */
public final class Trace {
  private static final int MAX_LINES = 2_000_000;

  private final EventQueue time;
  private final StringBuilder text;
  private long hash = 17;
  private int lines;

  public Trace(EventQueue time, boolean readable) {
    this.time = time;
    this.text = readable ? new StringBuilder() : null;
  }

  public boolean isReadable() {
    return text != null && lines < MAX_LINES;
  }

  /** Something happened that these numbers describe. */
  public void add(long what, long detail) {
    hash = (hash ^ time.now()) * 0x9E3779B97F4A7C15L;
    hash = (hash ^ what) * 0xC2B2AE3D27D4EB4FL;
    hash = (hash ^ detail) * 0x165667B19E3779F9L;
    hash ^= hash >>> 29;
  }

  /** Something happened that these words describe. */
  public void say(String format, Object... arguments) {
    if (isReadable()) {
      lines++;
      text.append(String.format("%10.3f ms  ", (time.now() - 1_000_000_000) / 1e6))
          .append(String.format(format, arguments))
          .append('\n');
    }
  }

  public long hash() {
    return hash;
  }

  /** The lines, if they were asked for. */
  public String text() {
    return text == null ? "" : text.toString();
  }
}
