package synod.cli;

import java.time.Duration;

/** Short waits between two looks at something that tells nobody when it changes. */
final class Waiting {
  private Waiting() {}

  /**
   * @throws CommandFailedException if the thread is interrupted
   */
  static void pause(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("interrupted", e);
    }
  }
}
