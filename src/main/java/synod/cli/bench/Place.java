package synod.cli.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import synod.cli.CommandFailedException;

/**
 * A directory for the servers of one run, and the end of all that was started in it, however the
 * run ends: by itself, by a failure, or by Ctrl-C.
 */
final class Place {
  private static final int INTERRUPTED = 130;
  private static final long GOING_SECONDS = 10;

  private final Path directory;
  private final PrintWriter err;
  private final List<Servers> held = new ArrayList<>();
  private final CountDownLatch gone = new CountDownLatch(1);
  private volatile boolean interrupted;

  private Place(Path directory, PrintWriter err) {
    this.directory = directory;
    this.err = err;
  }

  /**
   * Makes the directory.
   *
   * @param parent null for where temporary files are
   * @param err told what could not be removed
   */
  static Place below(Path parent, PrintWriter err) {
    try {
      Path directory =
          parent == null
              ? Files.createTempDirectory("synod-bench-")
              : Files.createTempDirectory(parent, "synod-bench-");
      return new Place(directory.toAbsolutePath(), err);
    } catch (IOException e) {
      throw new CommandFailedException("no directory can be made for the servers: " + e, e);
    }
  }

  Path directory() {
    return directory;
  }

  /** Closes these at the end. */
  synchronized <T extends Servers> T hold(T servers) {
    held.add(servers);
    return servers;
  }

  /**
   * Does the work, and then ends everything.
   *
   * @param lastWords of an interrupted run, after the work has stopped and before the servers do
   * @return the work's exit code, or that of an interrupted program
   */
  int run(Callable<Integer> work, Runnable lastWords) throws Exception {
    Thread worker = Thread.currentThread();
    Thread hook = new Thread(() -> interrupt(worker, lastWords));
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return work.call();
    } catch (InterruptedException | CommandFailedException e) {
      if (interrupted) {
        return INTERRUPTED;
      }
      throw e;
    } finally {
      gone.countDown();
      if (unhook(hook)) {
        end();
      }
    }
  }

  private void interrupt(Thread worker, Runnable lastWords) {
    interrupted = true;
    worker.interrupt();
    try {
      gone.await(GOING_SECONDS, TimeUnit.SECONDS);
      lastWords.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end();
    }
  }

  private static boolean unhook(Thread hook) {
    try {
      return Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      return false;
    }
  }

  private synchronized void end() {
    for (Servers servers : held) {
      try {
        servers.close();
      } catch (CommandFailedException e) {
        complain(e.getMessage());
      }
    }
    try {
      deleteTree(directory);
    } catch (CommandFailedException e) {
      complain(e.getMessage());
    }
  }

  /** Deletes a directory with all that is in it. */
  static void deleteTree(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new CommandFailedException("not all of " + directory + " could be deleted: " + e, e);
    }
  }

  private void complain(String what) {
    err.println("synod: " + what);
    err.flush();
  }
}
