package synod.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import synod.sim.MemoryStore;

class FormatVersionTest {
  private final Replica replica = new Replica();
  private final Replica.Client client = replica.client();

  @Test
  void aNewCommandIsRefusedAlikeByAllUntilTheLogHasRaisedTheVersion() {
    client.put("a", "1");
    assertThat(client.apply(new Command.Compact(1))).isEqualTo(new Result.VersionTooLow(1, 2));
    assertThat(replica.machine.compacted()).isZero();

    assertThat(client.apply(new Command.RaiseVersion(2))).isEqualTo(new Result.Done());
    assertThat(replica.machine.version()).isEqualTo(2);
    replica.restart();
    assertThat(replica.machine.version()).isEqualTo(2);
    assertThat(client.apply(new Command.Compact(1))).isEqualTo(new Result.Compacted(1));
  }

  @Test
  void theVersionNeverGoesBack() {
    client.apply(new Command.RaiseVersion(2));
    client.apply(new Command.RaiseVersion(1));
    assertThat(replica.machine.version()).isEqualTo(2);
  }

  @Test
  void aReplicaStopsAtAVersionThatItDoesNotKnowAndLeavesItsStoreAsItWas() {
    KvStateMachine old = new KvStateMachine(replica.store, 1);
    SessionCommand raise = Replica.sent(client.session, 1, 0, new Command.RaiseVersion(2));
    byte[] entry = Replica.entry(1_000_000, raise);
    assertThatThrownBy(() -> old.apply(2, List.of(entry)))
        .isInstanceOf(CodecException.class)
        .hasMessage(
            "the log needs format version 2; this program knows versions up to 1: run a newer one"
                + " on this node");
    assertThatThrownBy(() -> old.apply(2, List.of(entry)))
        .isInstanceOf(IllegalStateException.class);

    assertThat(new KvStateMachine(replica.store, 1).applied()).isEqualTo(1);
    replica.restart();
    assertThat(replica.apply(entry)).containsExactly(new Result.Done());
  }

  @Test
  void aReplicaStopsAtAKindOfCommandThatItDoesNotKnow() {
    KvStateMachine old = new KvStateMachine(replica.store, 1);
    SessionCommand compact = Replica.sent(client.session, 1, 0, new Command.Compact(1));
    assertThatThrownBy(() -> old.apply(2, List.of(Replica.entry(1_000_000, compact))))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("format version 2");
  }

  @Test
  void aStateOfAHigherVersionIsNotOpened() {
    client.apply(new Command.RaiseVersion(2));
    assertThatThrownBy(() -> new KvStateMachine(replica.store, 1))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("this program knows versions up to 1");
    assertThat(new KvStateMachine(new MemoryStore(), 1).version()).isEqualTo(1);
  }
}
