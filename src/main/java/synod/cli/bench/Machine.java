package synod.cli.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import synod.cli.CommandFailedException;

/**
 * What was measured on: figures without it can't be compared.
 *
 * @param memoryBytes empty if it can't be known
 * @param syncMicros the median time to append 4 KiB to a file where the servers keep their data,
 *     and sync it to disk
 */
record Machine(
    String processor,
    int cores,
    OptionalLong memoryBytes,
    String kernel,
    String java,
    String fileSystem,
    double syncMicros) {
  private static final int SYNCS = 200;
  private static final int SYNCED_BYTES = 4 << 10;

  /** Takes a fraction of a second on a good disk. */
  static Machine look(Path directory) {
    try {
      return new Machine(
          processorName(),
          Runtime.getRuntime().availableProcessors(),
          Processes.kilobytes(Path.of("/proc/meminfo"), "MemTotal:").stream()
              .map(kilobytes -> kilobytes << 10)
              .findFirst(),
          System.getProperty("os.name") + " " + System.getProperty("os.version"),
          System.getProperty("java.vm.name") + " " + System.getProperty("java.version"),
          Files.getFileStore(directory).type(),
          medianSyncNanos(directory) / 1e3);
    } catch (IOException e) {
      throw new CommandFailedException(directory + " can't be used: " + e, e);
    }
  }

  private static String processorName() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }

  private static long medianSyncNanos(Path directory) throws IOException {
    Path file = Files.createTempFile(directory, "sync", ".probe");
    long[] nanos = new long[SYNCS];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int i = 0; i < SYNCS; i++) {
        long start = System.nanoTime();
        channel.write(ByteBuffer.allocate(SYNCED_BYTES));
        channel.force(false);
        nanos[i] = System.nanoTime() - start;
      }
    } finally {
      Files.delete(file);
    }
    Arrays.sort(nanos);
    return nanos[SYNCS / 2];
  }

  /** Whether what is synced there survives the machine. */
  boolean isOnDisk() {
    return !fileSystem.equals("tmpfs") && !fileSystem.equals("ramfs");
  }

  /** For programs. */
  Map<String, Object> toMap() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("processor", processor);
    json.put("cores", cores);
    json.put("memoryBytes", memoryBytes.isPresent() ? memoryBytes.getAsLong() : null);
    json.put("kernel", kernel);
    json.put("java", java);
    json.put("fileSystem", fileSystem);
    json.put("syncMicros", syncMicros);
    return json;
  }

  @Override
  public String toString() {
    String memory =
        memoryBytes.isPresent()
            ? String.format(Locale.ROOT, "%.1f GiB", memoryBytes.getAsLong() / (double) (1 << 30))
            : "unknown memory";
    return String.format(
        Locale.ROOT,
        "%d cores (%s), %s, %s, %s; 4 KiB appended and synced in %.0f µs (median of %d) on %s%s",
        cores,
        processor,
        memory,
        kernel,
        java,
        syncMicros,
        SYNCS,
        fileSystem,
        isOnDisk() ? "" : ", WHICH IS NOT A DISK");
  }
}
