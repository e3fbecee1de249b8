package synod.cli.store;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The lines of a response as they come, for a thread that waits for them. It asks for the next line
 * when it has taken one, so that a reader who is slow slows the sender and not the memory.
 */
final class EventLines implements Flow.Subscriber<String> {
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
  private volatile Flow.Subscription subscription;

  /** Belongs to the thread that waits for lines. */
  private boolean over;

  @Override
  public void onSubscribe(Flow.Subscription begun) {
    subscription = begun;
    begun.request(1);
  }

  @Override
  public void onNext(String line) {
    lines.add(Optional.of(line));
  }

  @Override
  public void onError(Throwable failure) {
    end();
  }

  @Override
  public void onComplete() {
    end();
  }

  /** No more lines come. */
  void end() {
    lines.add(Optional.empty());
  }

  /** The next line; nothing if there are no more, or none came within the time. */
  Optional<String> next(Duration within) throws InterruptedException {
    Optional<String> line = lines.poll(within.toMillis(), TimeUnit.MILLISECONDS);
    if (line == null) {
      return Optional.empty();
    }
    if (line.isPresent()) {
      subscription.request(1);
    } else {
      over = true;
    }
    return line;
  }

  /** Whether there are no more lines, after {@link #next} gave nothing. */
  boolean isOver() {
    return over;
  }

  void cancel() {
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
