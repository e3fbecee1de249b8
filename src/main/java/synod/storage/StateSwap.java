package synod.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;

/**
 * Replaces the state in a data directory by a new one, so that a crash at any step leaves the old
 * one or the new one. That {@code state.new/} is there says that it is whole and is to be the
 * state; {@code state.old/} is rubbish as soon as there is a state.
 */
final class StateSwap {
  private final Path state;
  private final Path next;
  private final Path old;
  private final Consumer<String> step;

  /**
   * @param data the data directory
   * @param step told what is about to be done; for tests, which throw there
   */
  StateSwap(Path data, Consumer<String> step) {
    state = data.resolve(DataDirectory.STATE);
    next = data.resolve(DataDirectory.STATE + ".new");
    old = data.resolve(DataDirectory.STATE + ".old");
    this.step = step;
  }

  /**
   * Replaces the state. Nobody may have the old or the new one open.
   *
   * @param whole a state database that was closed, all of it durable; on the same file system
   */
  void replace(Path whole) throws IOException {
    move("decide", whole, next);
    DurableFiles.syncDirectory(whole.getParent());
    finish();
  }

  /** Whether there is a state, in place or about to be. */
  boolean hasState() {
    return Files.isDirectory(state) || Files.isDirectory(next);
  }

  /** Brings to its end what a crash or an error interrupted. */
  void finish() throws IOException {
    if (Files.exists(next)) {
      if (Files.exists(state)) {
        deleteOld();
        move("set the old one aside", state, old);
      }
      move("put the new one in place", next, state);
    }
    deleteOld();
  }

  private void move(String what, Path from, Path to) throws IOException {
    step.accept(what);
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    DurableFiles.syncDirectory(state.getParent());
  }

  private void deleteOld() throws IOException {
    if (Files.exists(old)) {
      step.accept("delete the old one");
      DurableFiles.deleteTree(old);
    }
  }
}
