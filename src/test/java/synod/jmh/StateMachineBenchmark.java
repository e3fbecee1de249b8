package synod.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import synod.kv.AppliedCommand;
import synod.kv.CachingStore;
import synod.kv.GatheringStore;
import synod.kv.KvStateMachine;
import synod.storage.DataDirectory;
import synod.storage.StateStorage;

/**
 * A learner's state machine on RocksDB: the time is that of {@link #ENTRIES} entries of {@link
 * Puts#BATCH} PUTs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 20, batchSize = StateMachineBenchmark.ENTRIES)
@Measurement(iterations = 20, batchSize = StateMachineBenchmark.ENTRIES)
@Fork(1)
public class StateMachineBenchmark {
  static final int ENTRIES = 500;

  /** How much is gathered before it is passed on to RocksDB; 0 for a commit with each entry. */
  @Param({"0", "262144"})
  public long commitBytes;

  /** What is remembered of RocksDB's answers; 0 to ask it each time. */
  @Param({"0", "8388608"})
  public long cacheBytes;

  private final Puts puts = new Puts();
  private final byte[][] entries = new byte[ENTRIES][];
  private int next;
  private Path path;
  private DataDirectory directory;
  private StateStorage storage;
  private KvStateMachine machine;

  @Setup
  public void open() throws IOException {
    path = Files.createTempDirectory("synod-jmh");
    directory = DataDirectory.open(path, "jmh", "n1", "0");
    storage = directory.openState();
    machine =
        new KvStateMachine(new GatheringStore(new CachingStore(storage, cacheBytes), commitBytes));
    machine.apply(1, List.of(Puts.opening()));
  }

  @Setup(Level.Iteration)
  public void prepare() {
    for (int i = 0; i < ENTRIES; i++) {
      entries[i] = puts.entry();
    }
    next = 0;
  }

  @Benchmark
  public List<AppliedCommand> apply() {
    return machine.apply(machine.applied() + 1, List.of(entries[next++]));
  }

  @TearDown
  public void close() throws IOException {
    storage.close();
    directory.close();
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
