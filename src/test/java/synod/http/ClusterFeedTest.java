package synod.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Readers get what was told in its order, and a slow one costs nothing but what it misses. */
class ClusterFeedTest {
  private final ClusterFeed feed = new ClusterFeed(0);

  @Test
  void aReaderWaitsForWhatItWants() {
    CompletableFuture<ClusterFeed.Chunk> chunk = read(1, "elected");
    feed.publish(List.of(told("n1", 1, "accepted")));
    assertThat(chunk).isNotDone();

    feed.publish(List.of(told("n1", 2, "elected")));

    assertThat(chunk.join().told()).extracting(ClusterFeed.Numbered::id).containsExactly(2L);
    assertThat(chunk.join().from()).isEqualTo(3);
  }

  @Test
  void whatPressesIsToldAtOnceAndTheRestWithIt() {
    ClusterFeed patient = new ClusterFeed(Long.MAX_VALUE);
    CompletableFuture<ClusterFeed.Chunk> all = patient.read(1, told -> true).toCompletableFuture();
    CompletableFuture<ClusterFeed.Chunk> slots =
        patient.read(1, told -> told.kind().equals("accepted")).toCompletableFuture();
    patient.publish(List.of(told("n1", 1, "accepted")));
    assertThat(all).isNotDone();

    patient.publish(List.of(told("n1", 2, "role-stopped")));

    assertThat(all.join().told()).hasSize(2);
    assertThat(slots).isNotDone();
  }

  @Test
  void whoHasWaitedForLongEnoughGetsWhatThereIs() {
    CompletableFuture<ClusterFeed.Chunk> chunk = read(1, "accepted");
    feed.answerDue();
    assertThat(chunk).isNotDone();

    feed.publish(List.of(told("n1", 1, "accepted"), told("n1", 2, "accepted")));

    assertThat(chunk.join().told()).hasSize(2);
  }

  @Test
  void whatComesTwiceIsToldOnceUntilTheNodeCountsAnew() {
    feed.publish(List.of(told("n1", 1, "elected"), told("n1", 2, "elected")));
    feed.publish(List.of(told("n1", 1, "elected"), told("n2", 1, "elected")));
    assertThat(read(1, "elected").join().told()).hasSize(3);

    feed.forgetNumbers("n1");
    feed.publish(List.of(told("n1", 1, "elected")));

    assertThat(read(1, "elected").join().told()).hasSize(4);
  }

  @Test
  void aSlowReaderIsToldHowMuchItLostAndStillGetsWhatIsRare() {
    feed.publish(List.of(told("n1", 1, "elected")));
    LongStream.rangeClosed(2, 10_000)
        .forEach(n -> feed.publish(List.of(told("n1", n, "accepted"))));

    ClusterFeed.Chunk chunk = feed.read(1, told -> true).toCompletableFuture().join();

    assertThat(chunk.told().get(0).told().kind()).isEqualTo("elected");
    assertThat(chunk.told().get(1).id()).isEqualTo(chunk.lost() + 2);
    assertThat(chunk.lost()).isBetween(5_000L, 9_000L);
  }

  @Test
  void aReaderTakesItInChunksWithoutAGap() {
    LongStream.rangeClosed(1, 4_000).forEach(n -> feed.publish(List.of(told("n1", n, "accepted"))));
    long from = 1;
    long read = 0;
    int chunks = 0;
    while (from <= 4_000) {
      ClusterFeed.Chunk chunk = read(from, "accepted").join();
      assertThat(chunk.lost()).isZero();
      assertThat(chunk.told().get(0).id()).isEqualTo(read + 1);
      read = chunk.told().get(chunk.told().size() - 1).id();
      from = chunk.from();
      chunks++;
    }
    assertThat(read).isEqualTo(4_000);
    assertThat(chunks).isGreaterThan(1);
  }

  @Test
  void waitingReadersAreReleasedAndEnded() {
    CompletableFuture<ClusterFeed.Chunk> released = read(1, "elected");
    feed.release(0);
    assertThat(released.join().told()).isEmpty();

    CompletableFuture<ClusterFeed.Chunk> ended = read(1, "elected");
    feed.end();
    assertThat(ended.join()).isNull();
    assertThat(read(1, "elected").join()).isNull();
  }

  private CompletableFuture<ClusterFeed.Chunk> read(long from, String kind) {
    return feed.read(from, told -> told.kind().equals(kind)).toCompletableFuture();
  }

  private static Told told(String node, long number, String kind) {
    return new Told(node, number, kind, 0, 0, Set.of(), new byte[100]);
  }
}
