package synod.cli.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A stream from a node that is given up when nothing comes for a while, and says how far it came.
 */
final class StallGuard extends FilterInputStream {
  private static final long PATIENCE_SECONDS = 30;

  private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
  private volatile boolean reading;
  private volatile long readBegan;
  private volatile boolean stalled;
  private long received;

  StallGuard(InputStream in) {
    super(in);
    watch.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
  }

  private void look() {
    if (reading && System.nanoTime() - readBegan > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
      stalled = true;
      try {
        in.close();
      } catch (IOException e) {
        throw new IllegalStateException("a stalled stream can't be closed", e);
      }
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    readBegan = System.nanoTime();
    reading = true;
    try {
      int count = super.read(into, offset, length);
      received += Math.max(count, 0);
      return count;
    } catch (IOException e) {
      throw new IOException(
          stalled
              ? "sent nothing for " + PATIENCE_SECONDS + " s"
              : "broke the connection off after " + received + " bytes",
          e);
    } finally {
      reading = false;
    }
  }

  @Override
  public void close() throws IOException {
    watch.shutdownNow();
    super.close();
  }
}
