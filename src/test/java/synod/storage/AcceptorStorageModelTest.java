package synod.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import synod.paxos.Ballot;
import synod.paxos.DurableRecord;
import synod.paxos.Entry;

/** The acceptor's storage does what a map in memory would, across clean restarts and crashes. */
class AcceptorStorageModelTest {
  private sealed interface Step {}

  private record Promise(int rounds, String proposer) implements Step {}

  private record Accept(List<Long> slots, int bytes, long seed) implements Step {}

  private record Campaign(int rounds) implements Step {}

  private record Reopen(boolean crash) implements Step {}

  @Property(tries = 60)
  void behavesLikeAMap(@ForAll("steps") List<Step> steps) throws IOException {
    Path base = Files.createTempDirectory("synod-model");
    try (World world = new World(base)) {
      for (Step step : steps) {
        world.take(step);
        world.compare();
      }
    } finally {
      Directories.delete(base);
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Step> promise =
        Combinators.combine(
                Arbitraries.integers().between(0, 3), Arbitraries.of("n1", "n2", "knoten-ä"))
            .as(Promise::new);
    Arbitrary<Step> accept =
        Combinators.combine(
                Arbitraries.longs().between(1, 40).list().ofMinSize(1).ofMaxSize(6),
                Arbitraries.of(0, 1, 100, 40_000, 1 << 20),
                Arbitraries.longs())
            .as(Accept::new);
    Arbitrary<Step> campaign = Arbitraries.integers().between(0, 3).map(Campaign::new);
    Arbitrary<Step> reopen = Arbitraries.of(true, false).map(Reopen::new);
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(3, promise),
            net.jqwik.api.Tuple.of(8, accept),
            net.jqwik.api.Tuple.of(2, campaign),
            net.jqwik.api.Tuple.of(2, reopen))
        .list()
        .ofMaxSize(25);
  }

  /** The storage, and the map that it is compared with. */
  private static final class World implements AutoCloseable {
    private final Path base;
    private int life;
    private AcceptorStorage storage;
    private Ballot promised = Ballot.NONE;
    private long round;
    private final TreeMap<Long, Entry> entries = new TreeMap<>();

    World(Path base) {
      this.base = base;
      NativeLibrary.load(base);
      storage = AcceptorStorage.open(path());
    }

    private Path path() {
      return base.resolve("life" + life);
    }

    void take(Step step) {
      List<DurableRecord> records = new ArrayList<>();
      if (step instanceof Promise promise) {
        raise(records, promise.rounds(), promise.proposer());
      } else if (step instanceof Accept accept) {
        if (promised.equals(Ballot.NONE)) {
          raise(records, 1, "n1");
        }
        for (long slot : accept.slots()) {
          byte[] value = new byte[accept.bytes()];
          new Random(accept.seed() + slot).nextBytes(value);
          Entry entry = new Entry(slot, promised, value);
          records.add(new DurableRecord.Accepted(entry));
          entries.put(slot, entry);
        }
      } else if (step instanceof Campaign campaign) {
        round += campaign.rounds();
        records.add(new DurableRecord.Round(round));
      } else if (step instanceof Reopen reopen) {
        reopen(reopen.crash());
      }
      storage.write(records);
    }

    private void raise(List<DurableRecord> records, int rounds, String proposer) {
      Ballot next = new Ballot(promised.round() + rounds, proposer, rounds);
      promised = next.isAbove(promised) ? next : promised;
      records.add(new DurableRecord.Promised(promised));
    }

    private void reopen(boolean crash) {
      if (crash) {
        Path before = path();
        life++;
        Directories.copy(before, path());
      }
      storage.close();
      storage = AcceptorStorage.open(path());
    }

    void compare() {
      assertThat(storage.promised()).isEqualTo(promised);
      assertThat(storage.round()).isEqualTo(round);
      assertThat(storage.lastSlot()).isEqualTo(entries.isEmpty() ? 0 : entries.lastKey());
      assertThat(storage.entries(1, Integer.MAX_VALUE)).containsExactlyElementsOf(entries.values());
      for (long slot = 1; slot <= 40; slot += 7) {
        assertThat(storage.entry(slot).orElse(null)).isEqualTo(entries.get(slot));
        assertThat(storage.entries(slot, 50_000)).isEqualTo(window(slot, 50_000));
      }
    }

    private List<Entry> window(long from, int maxBytes) {
      List<Entry> window = new ArrayList<>();
      long bytes = 0;
      for (Entry entry : entries.tailMap(from).values()) {
        if (!window.isEmpty() && bytes >= maxBytes) {
          break;
        }
        window.add(entry);
        bytes += entry.value().length;
      }
      return window;
    }

    @Override
    public void close() {
      storage.close();
    }
  }
}
