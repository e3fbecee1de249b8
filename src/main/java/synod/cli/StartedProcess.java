package synod.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A process that was started from here, to be found again by later runs through a file. It is known
 * by its id and the moment of its start, so that another process that got the same id since is
 * never taken for it.
 *
 * @param birth when it started, in a form that only the same system compares; empty if that can't
 *     be known, which no process matches
 */
record StartedProcess(long pid, String birth) {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  /** Place of the start time, in ticks since boot, behind the command's name in a stat file. */
  private static final int START_TICKS = 19;

  /** Place of the number of threads, from the same origin. */
  private static final int THREADS = 17;

  static StartedProcess of(ProcessHandle handle) {
    return new StartedProcess(handle.pid(), birth(handle));
  }

  /**
   * Reads what {@link #write} wrote; nothing if the file isn't there.
   *
   * @throws IOException if it can't be read or is something else
   */
  static Optional<StartedProcess> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> words = List.of(Files.readString(file).strip().split(" ", 2));
    try {
      return Optional.of(new StartedProcess(Long.parseLong(words.get(0)), words.get(1)));
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new IOException(file + " is not a process file", e);
    }
  }

  /** Replaces the file at once: a reader sees the old or the new content. */
  void write(Path file) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    Files.writeString(temporary, pid + " " + birth + "\n");
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Whether it runs, is paused or is about to end: the first thread of a killed process is gone
   * while others still wait for the disk, and until the last of them is, the process holds its
   * files and its locks on them. One that ended but still has an entry isn't alive.
   */
  boolean isAlive() {
    return handle().isPresent() && !hasEnded(stat(pid));
  }

  /** Whether it was stopped by a signal and waits for one to go on. */
  boolean isPaused() {
    List<String> stat = stat(pid);
    return isAlive() && !stat.isEmpty() && stat.get(0).equals("T");
  }

  /**
   * Sends a signal, if the process is still alive.
   *
   * @param signal its name, as in TERM
   */
  void signal(String signal) throws IOException {
    if (!isAlive()) {
      return;
    }
    Process kill =
        new ProcessBuilder("sh", "-c", "kill -\"$1\" \"$2\"", "kill", signal, Long.toString(pid))
            .redirectErrorStream(true)
            .start();
    String said = new String(kill.getInputStream().readAllBytes());
    try {
      if (kill.waitFor() != 0 && isAlive()) {
        throw new IOException(
            "process " + pid + " can't be sent SIG" + signal + ": " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private Optional<ProcessHandle> handle() {
    return ProcessHandle.of(pid).filter(handle -> !birth.isEmpty() && birth.equals(birth(handle)));
  }

  /** Whether the last thread has ended, so that only the entry is left. */
  private static boolean hasEnded(List<String> stat) {
    return stat.size() > THREADS
        && "ZX".contains(stat.get(0))
        && Integer.parseInt(stat.get(THREADS)) <= 1;
  }

  private static String birth(ProcessHandle handle) {
    List<String> stat = stat(handle.pid());
    if (stat.size() > START_TICKS) {
      return stat.get(START_TICKS) + "@" + boot();
    }
    return handle.info().startInstant().map(Instant::toString).orElse("");
  }

  /** The fields of a process behind its command's name; none where there is no such file. */
  private static List<String> stat(long pid) {
    try {
      String line = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return List.of(line.substring(line.lastIndexOf(')') + 1).strip().split(" "));
    } catch (IOException e) {
      return List.of();
    }
  }

  private static String boot() {
    try {
      return Files.readString(BOOT).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
