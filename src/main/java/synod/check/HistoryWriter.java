package synod.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Records a history to a file while it happens, one line an event, each written at once: a killed
 * process loses nothing that was recorded but perhaps a part of the last line, which {@link
 * HistoryReader} tolerates (a crash of the machine may lose more; the file isn't synced). Times are
 * taken here, so that the order in the file is the order in time. Any thread may call; calls wait
 * for each other.
 */
public final class HistoryWriter implements AutoCloseable {
  private final FileChannel file;
  private final LongSupplier nanoClock;
  private final Map<Long, Operation> pending = new HashMap<>();
  private long nextId;

  private HistoryWriter(FileChannel file, LongSupplier nanoClock) {
    this.file = file;
    this.nanoClock = nanoClock;
  }

  /**
   * A new file, with times of {@link System#nanoTime()}.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is one
   */
  public static HistoryWriter create(Path file) throws IOException {
    return create(file, System::nanoTime);
  }

  /**
   * A new file.
   *
   * @param nanoClock a monotonic clock, in nanoseconds
   * @throws java.nio.file.FileAlreadyExistsException if there is one
   */
  public static HistoryWriter create(Path file, LongSupplier nanoClock) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    HistoryWriter writer = new HistoryWriter(channel, nanoClock);
    writer.write(HistoryCodec.header());
    return writer;
  }

  /**
   * An operation begins; to be called before its request is sent.
   *
   * @param process the client that issues it
   * @param node the node that it asks; empty if that doesn't matter
   * @return the operation's number
   * @throws IllegalStateException if the writer is closed
   * @throws UncheckedIOException if the file can't be written
   */
  public synchronized long invoke(String process, String node, Operation operation) {
    if (!file.isOpen()) {
      throw new IllegalStateException("the history is closed");
    }
    long id = nextId++;
    pending.put(id, operation);
    write(HistoryCodec.invocation(id, nanoClock.getAsLong(), process, node, operation));
    return id;
  }

  /**
   * An operation ends; to be called after its answer has come. An answer that comes after {@link
   * #close()} isn't recorded: the operation's outcome stays unknown, which is no error.
   *
   * @throws IllegalArgumentException if no such operation is under way or it can't end so
   * @throws UncheckedIOException if the file can't be written
   */
  public synchronized void complete(long id, Outcome outcome) {
    Operation operation = pending.get(id);
    if (operation == null) {
      throw new IllegalArgumentException("no operation " + id + " is under way");
    }
    if (!outcome.fits(operation)) {
      throw new IllegalArgumentException("'" + operation + "' can't end as '" + outcome + "'");
    }
    pending.remove(id);
    if (file.isOpen()) {
      write(HistoryCodec.completion(id, nanoClock.getAsLong(), outcome));
    }
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }

  private void write(Map<String, Object> fields) {
    try {
      ByteBuffer line =
          ByteBuffer.wrap((JsonLine.format(fields) + '\n').getBytes(StandardCharsets.UTF_8));
      while (line.hasRemaining()) {
        file.write(line);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException("the history can't be written", failed);
    }
  }
}
