package synod.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import synod.kv.Query;
import synod.node.NodeControls;
import synod.node.NodeStatus;
import synod.node.Operation;
import synod.node.Outcome;
import synod.paxos.Ballot;
import synod.paxos.Role;

class ReadinessTest {
  private static final Outcome ANSWER = new Outcome.Answered(new Query.KeyAnswer(null, 3), 5);

  private final NodeStatus status = new NodeStatus("n1", Set.of(Role.values()));

  /** The reads that left, in order; the test answers them. */
  private final List<CompletableFuture<Outcome>> reads = new ArrayList<>();

  private long now = 1;
  private final Readiness readiness = new Readiness(status, this::submit, () -> now);

  @BeforeEach
  void serving() {
    NodeControls.update(status, view -> NodeControls.serving(view, new Ballot(3, "n2", 1)));
  }

  private CompletionStage<Outcome> submit(Operation operation, Duration timeout) {
    assertThat(operation).isInstanceOf(Operation.LinearizableRead.class);
    assertThat(timeout).isEqualTo(Readiness.DEADLINE);
    reads.add(new CompletableFuture<>());
    return reads.get(reads.size() - 1);
  }

  private CompletableFuture<Optional<String>> ask() {
    return readiness.whyNot().toCompletableFuture();
  }

  @Test
  void allWhoAskWithinASecondShareOneRead() {
    CompletableFuture<Optional<String>> first = ask();
    CompletableFuture<Optional<String>> second = ask();
    assertThat(first).isNotDone();

    reads.get(0).complete(ANSWER);
    assertThat(first).isCompletedWithValue(Optional.empty());
    assertThat(second).isCompletedWithValue(Optional.empty());
    now += Readiness.FRESH.toNanos() - 1;
    assertThat(ask()).isCompletedWithValue(Optional.empty());
    assertThat(reads).hasSize(1);

    now++;
    assertThat(ask()).isNotDone();
    assertThat(reads).hasSize(2);
  }

  @Test
  void noSecondReadIsSentWhileTheFirstIsUnderWay() {
    ask();
    now += Readiness.FRESH.toNanos() + 1;
    ask();
    assertThat(reads).hasSize(1);
  }

  @Test
  void aNodeWhoseReadIsNotServedIsNotReadyWhateverItKnows() {
    assertThat(status.view().ready()).isTrue();
    CompletableFuture<Optional<String>> asked = ask();
    reads.get(0).complete(new Outcome.Refused(Outcome.Reason.UNAVAILABLE, "no quorum"));

    assertThat(asked.join()).get().asString().contains("was not served within 1000 ms: no quorum");
    now += Readiness.FRESH.toNanos();
    asked = ask();
    reads.get(1).complete(ANSWER);
    assertThat(asked.join()).isEmpty();
  }

  @Test
  void aNodeWithMuchToDoIsReady() {
    CompletableFuture<Optional<String>> asked = ask();
    reads.get(0).complete(new Outcome.Refused(Outcome.Reason.OVERLOADED, "1000 in flight"));
    assertThat(asked.join()).isEmpty();
  }

  @Test
  void whatTheNodeKnowsNeedsNoRead() {
    NodeControls.update(status, NodeControls::stopping);
    assertThat(ask().join()).contains("the node is stopping");
    assertThat(reads).isEmpty();
  }
}
