package synod.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import synod.kv.CommandCodec;
import synod.kv.EntryCodec;
import synod.kv.SessionCommand;
import synod.node.ClientCodec;
import synod.node.Operation;
import synod.node.Request;

/** Bytes from and to commands; the time is that of one command in a batch of {@link Puts#BATCH}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CodecBenchmark {
  private final Puts puts = new Puts();
  private final List<SessionCommand> commands = puts.commands();
  private final byte[] entry = puts.entry();
  private final List<Request> requests = requests();
  private final byte[] message = ClientCodec.encodeRequests(requests);

  private List<Request> requests() {
    List<Request> made = new ArrayList<>();
    for (SessionCommand command : commands) {
      Request.Stamp stamp =
          new Request.Stamp(command.session(), command.sequence(), command.acknowledged());
      made.add(new Request(command.tag(), new Operation.Write(command.command()), stamp, 1_000));
    }
    return made;
  }

  /** At the client. */
  @Benchmark
  @OperationsPerInvocation(Puts.BATCH)
  public byte[] encodeRequest() {
    return ClientCodec.encodeRequests(requests);
  }

  /** At the gateway. */
  @Benchmark
  @OperationsPerInvocation(Puts.BATCH)
  public List<Request> decodeRequest() {
    return ClientCodec.decodeRequests(message);
  }

  /** At the gateway. */
  @Benchmark
  @OperationsPerInvocation(Puts.BATCH)
  public byte[] encodeCommand() {
    return CommandCodec.encode(7, "n1", commands);
  }

  /** At every learner. */
  @Benchmark
  @OperationsPerInvocation(Puts.BATCH)
  public EntryCodec.Contents decodeEntry() {
    return EntryCodec.decode(entry);
  }
}
