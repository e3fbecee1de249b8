package synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Sorts out what a core asked for, so that a test can say what must hold. */
final class Effects {
  /** Settings in round numbers: timeouts from 100 to 200 ms, repeats after 10 ms. */
  static final PaxosSettings SETTINGS = settings(2, 100, 1_000);

  private Effects() {}

  static PaxosSettings settings(int pipelineDepth, int maxBatchBytes, int partBytes) {
    return new PaxosSettings(
        Duration.ofMillis(20),
        Duration.ofMillis(100),
        Duration.ofMillis(200),
        Duration.ofMillis(10),
        pipelineDepth,
        maxBatchBytes,
        partBytes);
  }

  static long millis(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }

  static byte[] value(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  static Ballot ballot(long round, String proposer) {
    return new Ballot(round, proposer, 7);
  }

  /** What is to be sent at once, without waiting for any write. */
  static List<Effect.Send> sends(List<? extends Effect> effects) {
    return only(effects, Effect.Send.class);
  }

  /** The messages of one kind that are to be sent at once. */
  static <M extends Message> List<M> messages(List<? extends Effect> effects, Class<M> kind) {
    return sends(effects).stream()
        .map(Effect.Send::message)
        .flatMap(message -> kind.isInstance(message) ? Stream.of(kind.cast(message)) : null)
        .toList();
  }

  /** To whom messages of a kind are to be sent at once. */
  static List<String> receivers(List<? extends Effect> effects, Class<? extends Message> kind) {
    return sends(effects).stream()
        .filter(send -> kind.isInstance(send.message()))
        .map(Effect.Send::node)
        .toList();
  }

  /** The one write that is asked for. */
  static Effect.Persist persist(List<Effect> effects) {
    List<Effect.Persist> writes = only(effects, Effect.Persist.class);
    assertThat(writes).as("writes in %s", effects).hasSize(1);
    return writes.get(0);
  }

  static <E extends ProtocolEvent> List<E> events(List<? extends Effect> effects, Class<E> kind) {
    return only(effects, Effect.Publish.class).stream()
        .map(Effect.Publish::event)
        .flatMap(event -> kind.isInstance(event) ? Stream.of(kind.cast(event)) : null)
        .toList();
  }

  /** The values that are to be applied, in order, as text. */
  static List<String> applied(List<Effect> effects) {
    List<String> values = new ArrayList<>();
    for (Effect.Apply apply : only(effects, Effect.Apply.class)) {
      apply
          .values()
          .forEach(value -> values.add(new String(value, java.nio.charset.StandardCharsets.UTF_8)));
    }
    return values;
  }

  static <E> List<E> only(List<?> all, Class<E> kind) {
    return all.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
