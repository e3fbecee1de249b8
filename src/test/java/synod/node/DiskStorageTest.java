package synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import synod.kv.KvStateMachine;
import synod.paxos.Entry;
import synod.paxos.Formation;
import synod.paxos.Snapshot;

class DiskStorageTest {
  @TempDir Path directory;

  @Test
  void aSnapshotHoldsWhatWasOnlyGatheredAndTakesThePlaceOfAnOlderState() throws Exception {
    DiskStorage source = opened("a");
    DiskStorage target = opened("b");
    try {
      new KvStateMachine(source.state()).apply(1, noOps(3));
      new KvStateMachine(target.state()).apply(1, noOps(1));

      Snapshot snapshot = taken(source);
      assertThat(snapshot.slot()).isEqualTo(3);

      byte[] all = source.snapshots().read(snapshot, 0, (int) snapshot.bytes()).orElseThrow();
      CompletableFuture<Boolean> verified = new CompletableFuture<>();
      target.snapshots().keep(snapshot, 0, all, kept -> {}, reason -> verified.complete(false));
      target
          .snapshots()
          .verify(snapshot, () -> verified.complete(true), reason -> verified.complete(false));
      assertThat(verified.get(10, TimeUnit.SECONDS)).isTrue();
      target.snapshots().install(snapshot);

      KvStateMachine installed = new KvStateMachine(target.state());
      assertThat(installed.applied()).isEqualTo(3);
      installed.apply(4, noOps(1));
      assertThat(target.snapshots().isDue(0)).isTrue();
    } finally {
      source.close();
      target.close();
    }

    DiskStorage again = opened("b");
    assertThat(new KvStateMachine(again.state()).applied()).isEqualTo(4);
    assertThat(again.snapshots().isDue(0)).as("it has none of its own yet").isTrue();
    assertThat(taken(again).slot()).isEqualTo(4);
    assertThat(again.snapshots().isDue(0)).isFalse();
    again.close();
  }

  private static Snapshot taken(DiskStorage storage) throws Exception {
    CompletableFuture<Snapshot> taken = new CompletableFuture<>();
    storage
        .snapshots()
        .take(
            taken::complete,
            reason -> taken.completeExceptionally(new IllegalStateException(reason)));
    return taken.get(10, TimeUnit.SECONDS);
  }

  private static List<byte[]> noOps(int count) {
    return Collections.nCopies(count, Entry.NO_OP);
  }

  private DiskStorage opened(String data) throws IOException {
    Files.createDirectories(directory.resolve(data));
    String text =
        """
        synod.data-directory = "%s"
        synod.cluster {
          nodes = [
            { name = n1, host = 127.0.0.1, akka-port = 1, http-port = 2,
              roles = [acceptor, proposer, learner, gateway] }
          ]
          acceptors = [ n1 ]
          seed-nodes = [ n1 ]
        }
        """
            .formatted(directory.resolve(data));
    DiskStorage storage =
        new DiskStorage(
            ConfigReader.read(
                ConfigFactory.parseString(text).withFallback(ConfigFiles.DEFAULT.load()), "n1"));
    if (storage.standing().standing() == Formation.Standing.UNFORMED) {
      storage.advance(new Formation.Report(Formation.Standing.FORMING, "cluster"));
      storage.advance(new Formation.Report(Formation.Standing.MEMBER, "cluster"));
    }
    return storage;
  }
}
