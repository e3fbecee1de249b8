package synod.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static synod.kv.Replica.bytes;

import java.util.List;
import org.junit.jupiter.api.Test;

class AgreementTest {
  private final Replica replica = new Replica();
  private final Replica.Client client = replica.client();

  AgreementTest() {
    client.apply(new Command.RaiseVersion(2));
    client.put("a", "1");
  }

  @Test
  void replicasThatReportTheSameAgree() {
    reported("n2", replica.machine.report());
    assertThat(replica.machine.agreement().differing()).isEmpty();
    assertThat(replica.machine.agreement().verdict(3)).isEmpty();
  }

  @Test
  void theReplicaThatDiffersFromHalfOfAllIsWrong() {
    Command.ReportState report = replica.machine.report();
    reported("n2", other(report));
    assertThat(replica.machine.agreement().differing()).containsExactly("n2");
    assertThat(replica.machine.agreement().verdict(3)).as("one of the two others").isEmpty();
    assertThat(replica.machine.agreement().verdict(2)).as("nobody knows").isPresent();

    reported("n3", other(report));
    assertThat(replica.machine.agreement().verdict(3).orElseThrow())
        .isEqualTo(
            "the state differs from that of n2, n3 at the same slot, which is at least half of all"
                + " 3 replicas");
    reported("n2", replica.machine.report());
    assertThat(replica.machine.agreement().differing()).containsExactly("n3");
  }

  @Test
  void slotsThatAreNotRememberedAreNotCompared() {
    Command.ReportState report = replica.machine.report();
    replica.restart();
    replica.apply(new byte[0]);
    reported("n2", new Command.ReportState(report.slot() - 1, 5));
    reported("n2", new Command.ReportState(replica.machine.applied() + 1_000, 5));
    reported("n2", new Command.ReportState(Long.MIN_VALUE, 5));
    assertThat(replica.machine.agreement().differing()).isEmpty();

    reported("n2", other(report));
    assertThat(replica.machine.agreement().differing()).as("the restart's slot").isNotEmpty();
  }

  @Test
  void aRecordDamagedOnDiskShowsInTheNextChangeOfIt() {
    Replica other = new Replica();
    byte[] entries = Replica.entry(replica.time, Replica.opening(KvLimits.MAX_TTL_MILLIS));
    other.apply(entries);
    other.apply(replica.machine.log(2, 1).get(0));
    other.apply(replica.machine.log(3, 1).get(0));
    assertThat(other.machine.report()).isEqualTo(replica.machine.report());

    byte[] key = StoreKeys.key(bytes("a"));
    byte[] damaged = other.store.get(key);
    damaged[damaged.length - 1] ^= 1;
    other.store.commit(List.of(new OrderedStore.Change(key, damaged)));
    client.put("b", "1");
    other.apply(replica.machine.log(4, 1).get(0));
    assertThat(other.machine.report()).isEqualTo(replica.machine.report());
    client.put("a", "2");
    other.apply(replica.machine.log(5, 1).get(0));
    assertThat(other.machine.report()).isNotEqualTo(replica.machine.report());
  }

  @Test
  void theMarkOfDamageStaysAndIsNotPartOfTheState() {
    byte[] digest = replica.machine.digest();
    assertThat(DamageMark.read(replica.store)).isEmpty();
    DamageMark.write(replica.store, "why");
    replica.store.crash(0);
    assertThat(DamageMark.read(replica.store)).contains("why");
    assertThat(replica.machine.digest()).isEqualTo(digest);
    assertThat(replica.isSound(10)).isTrue();
  }

  private static Command.ReportState other(Command.ReportState report) {
    return new Command.ReportState(report.slot(), report.fingerprint() + 1);
  }

  private long sequence = 100;

  private void reported(String node, Command.ReportState report) {
    sequence++;
    SessionCommand sent = Replica.sent(client.session, sequence, sequence - 1, report);
    replica.apply(
        EntryCodec.encode(replica.time, List.of(CommandCodec.encode(1, node, List.of(sent)))));
  }
}
