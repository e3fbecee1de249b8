package synod.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * What the kernel accounts to processes (Linux's {@code /proc}). Each answer is empty where that
 * isn't to be had, and when a process has ended.
 */
final class Processes {
  /** The unit of times in {@code /proc}: a hundredth of a second on every architecture. */
  private static final long TICK_NANOS = 10_000_000;

  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;

  private Processes() {}

  /** Processor time of all of them together, in nanoseconds. */
  static OptionalLong cpuNanos(List<Long> pids) {
    long sum = 0;
    for (long pid : pids) {
      try {
        String line = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        // The command's name may have spaces in it; the fields begin behind it.
        String[] fields = line.substring(line.lastIndexOf(')') + 1).strip().split(" ");
        sum +=
            (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]))
                * TICK_NANOS;
      } catch (IOException e) {
        return OptionalLong.empty();
      }
    }
    return pids.isEmpty() ? OptionalLong.empty() : OptionalLong.of(sum);
  }

  /** The largest resident memory that one of them has now, in bytes. */
  static OptionalLong residentBytes(List<Long> pids) {
    return largest(pids, "VmRSS:");
  }

  /** The largest resident memory that one of them ever had, in bytes. */
  static OptionalLong peakResidentBytes(List<Long> pids) {
    return largest(pids, "VmHWM:");
  }

  private static OptionalLong largest(List<Long> pids, String field) {
    return pids.stream()
        .map(pid -> kilobytes(Path.of("/proc", Long.toString(pid), "status"), field))
        .flatMapToLong(OptionalLong::stream)
        .map(kilobytes -> kilobytes << 10)
        .max();
  }

  /** The number behind a word at the beginning of a line. */
  static OptionalLong kilobytes(Path file, String field) {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.startsWith(field))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
