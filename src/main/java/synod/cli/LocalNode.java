package synod.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import synod.node.NodeConfig;

/**
 * One node of a local cluster: its process, found through a file, and its place on disk. Only a
 * process that was started here is ever signalled. May be called from any thread.
 */
public final class LocalNode {
  /** What a node's process is doing. */
  public enum State {
    RUNNING,
    /** Stopped by a signal; keeps its connections and answers nothing. */
    PAUSED,
    /** Ended without having been told to by {@link #stop}: killed, or died. */
    DEAD,
    STOPPED;

    /** The form that people see. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Duration POLL = Duration.ofMillis(20);

  /** A signal that can't be caught takes effect within this time. */
  private static final Duration SIGNAL_PATIENCE = Duration.ofSeconds(10);

  private static final int TAIL_BYTES = 16 << 10;

  private final NodeConfig.Node config;
  private final boolean tls;
  private final LocalFiles files;
  private final NodeLauncher launcher;

  /**
   * @param tls whether it speaks TLS with its clients
   */
  LocalNode(NodeConfig.Node config, boolean tls, LocalFiles files, NodeLauncher launcher) {
    this.config = config;
    this.tls = tls;
    this.files = files;
    this.launcher = launcher;
  }

  public String name() {
    return config.name();
  }

  public NodeConfig.Node config() {
    return config;
  }

  /** Where it serves clients, without a slash at the end. */
  public String url() {
    return (tls ? "https://" : "http://") + config.host() + ":" + config.httpPort();
  }

  /** Everything that its processes have printed, oldest first. */
  public Path log() {
    return files.log(name());
  }

  public Path dataDirectory() {
    return files.data().resolve(name());
  }

  public synchronized State state() {
    Optional<StartedProcess> process = process();
    if (process.isEmpty()) {
      return State.STOPPED;
    }
    if (!process.get().isAlive()) {
      return State.DEAD;
    }
    return process.get().isPaused() ? State.PAUSED : State.RUNNING;
  }

  /** The process's id while there is one. */
  public synchronized OptionalLong pid() {
    return process()
        .filter(StartedProcess::isAlive)
        .map(process -> OptionalLong.of(process.pid()))
        .orElse(OptionalLong.empty());
  }

  /** Whether there is a process, paused or not. */
  public boolean isAlive() {
    return pid().isPresent();
  }

  /**
   * Starts the process unless there is one; doesn't wait until it serves.
   *
   * @return whether it was started
   */
  public synchronized boolean start() {
    if (isAlive()) {
      return false;
    }
    try {
      Files.createDirectories(log().getParent());
      Process process = launcher.start(name(), files.nodeArguments(), log());
      StartedProcess.of(process.toHandle()).write(files.pid(name()));
      return true;
    } catch (IOException e) {
      throw new CommandFailedException(name() + " can't be started: " + e.getMessage(), e);
    }
  }

  /** {@code kill -9}: ends the process at once, as a power failure would. Waits for its end. */
  public synchronized void kill() {
    signal("KILL");
    await(() -> !isAlive(), SIGNAL_PATIENCE);
  }

  /** Stops the process from doing anything, as a long pause of the whole machine would. */
  public synchronized void pause() {
    signal("STOP");
    await(() -> state() != State.RUNNING, SIGNAL_PATIENCE);
  }

  /** Lets a paused process go on. */
  public synchronized void resume() {
    signal("CONT");
    await(() -> state() != State.PAUSED, SIGNAL_PATIENCE);
  }

  /** Asks the process to end, even if it is paused; doesn't wait. */
  public synchronized void terminate() {
    signal("TERM");
    signal("CONT");
  }

  /**
   * Waits until the process, which was told to end, has ended; after the time it is killed.
   *
   * @return false if it had to be killed
   */
  public synchronized boolean stop(Duration patience) {
    terminate();
    boolean ended = await(() -> !isAlive(), patience);
    if (!ended) {
      kill();
    }
    forget();
    return ended;
  }

  /** The end of what the process printed, at most this many lines. */
  public List<String> logTail(int lines) {
    try (RandomAccessFile log = new RandomAccessFile(log().toFile(), "r")) {
      log.seek(Math.max(0, log.length() - TAIL_BYTES));
      byte[] tail = new byte[(int) (log.length() - log.getFilePointer())];
      log.readFully(tail);
      List<String> all = new String(tail, StandardCharsets.UTF_8).lines().toList();
      return all.subList(Math.max(0, all.size() - lines), all.size());
    } catch (IOException e) {
      return List.of("(" + log() + " can't be read: " + e.getMessage() + ")");
    }
  }

  private static boolean await(BooleanSupplier condition, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      Waiting.pause(POLL);
    }
    return true;
  }

  private void signal(String signal) {
    try {
      Optional<StartedProcess> process = process();
      if (process.isPresent()) {
        process.get().signal(signal);
      }
    } catch (IOException e) {
      throw new CommandFailedException(name() + ": " + e.getMessage(), e);
    }
  }

  private void forget() {
    try {
      Files.deleteIfExists(files.pid(name()));
    } catch (IOException e) {
      throw new CommandFailedException(name() + ": " + e.getMessage(), e);
    }
  }

  private Optional<StartedProcess> process() {
    try {
      return StartedProcess.read(files.pid(name()));
    } catch (IOException e) {
      throw new CommandFailedException(name() + ": " + e.getMessage(), e);
    }
  }
}
