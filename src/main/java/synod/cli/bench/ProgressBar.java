package synod.cli.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * How far a run is: a bar that follows the last line on a terminal, and elsewhere a line when
 * something new begins. Used by one thread.
 */
final class ProgressBar {
  private static final int WIDTH = 30;
  private static final int TEXT = 60;
  private static final Path STDERR = Path.of("/proc/self/fd/2");

  private final PrintWriter err;
  private final boolean terminal;
  private long startNanos;

  /** 0 while nobody knows how long it takes; then the share that was reached counts. */
  private long expectedNanos;

  private double reached;
  private String stage = "";
  private String doing = "";

  ProgressBar(PrintWriter err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  /** Whether what is written to stderr is seen by a person at once. */
  static boolean onTerminal() {
    try {
      String file = Files.readSymbolicLink(STDERR).toString();
      return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty");
    } catch (IOException e) {
      return System.console() != null;
    }
  }

  /** From now on the bar grows so that it is full after this time. */
  void expect(long nanos) {
    startNanos = System.nanoTime();
    expectedNanos = Math.max(1, nanos);
  }

  /** The bar stands here, up to 1. */
  void reach(double share) {
    reached = share;
  }

  private double share() {
    return expectedNanos == 0
        ? reached
        : Math.min(1, (double) (System.nanoTime() - startNanos) / expectedNanos);
  }

  /** Something new begins that takes a while. */
  void begin(String what) {
    if (!what.equals(stage)) {
      stage = what;
      if (!terminal) {
        say(what);
      }
    }
    step("");
  }

  /** A part of it. */
  void step(String what) {
    doing = what.isEmpty() ? stage : stage + ": " + what;
    show();
  }

  /** Draws the bar anew. */
  void show() {
    if (terminal) {
      double share = share();
      int full = (int) Math.round(share * WIDTH);
      String text = doing.length() > TEXT ? doing.substring(0, TEXT) : doing;
      err.printf(
          Locale.ROOT,
          "\r[%s%s] %3.0f %%  %-" + TEXT + "s",
          "#".repeat(full),
          ".".repeat(WIDTH - full),
          100 * share,
          text);
      err.flush();
    }
  }

  /** Says something that stays. */
  void say(String line) {
    clear();
    err.println("synod: " + line);
    err.flush();
  }

  void clear() {
    if (terminal) {
      err.print("\r" + " ".repeat(WIDTH + TEXT + 12) + "\r");
      err.flush();
    }
  }
}
