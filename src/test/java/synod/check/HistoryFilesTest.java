package synod.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import synod.check.Operation.Condition;

/** History files: what is written is read again, and what is damaged is named. */
class HistoryFilesTest {
  private static final Bytes KEY = Bytes.utf8("key \"1\" \\ ü 😀");
  private static final Bytes BINARY = Bytes.of(new byte[] {0, -1, 10, 13, 127});
  private static final Seen SEEN = new Seen(BINARY, 4);

  @TempDir Path folder;

  @Test
  void everyKindOfEventIsReadAsItWasWritten() throws IOException {
    List<Operation> operations =
        List.of(
            new Operation.Put(KEY, BINARY, Condition.NONE),
            new Operation.Put(BINARY, Bytes.utf8(""), Condition.ABSENT),
            new Operation.Put(KEY, Bytes.utf8("v"), Condition.PRESENT),
            new Operation.Delete(KEY, Condition.modRevision(Long.MAX_VALUE)),
            new Operation.Delete(KEY, Condition.NONE),
            new Operation.Get(KEY),
            new Operation.Get(BINARY),
            new Operation.StaleGet(KEY, 17),
            new Operation.StaleGet(KEY, 0),
            new Operation.Put(KEY, BINARY, Condition.modRevision(3)),
            new Operation.Put(KEY, BINARY, Condition.NONE),
            new Operation.Get(KEY));
    List<Outcome> outcomes =
        List.of(
            new Outcome.Applied(9),
            new Outcome.Applied(10, Seen.ABSENT),
            new Outcome.Applied(11, SEEN),
            new Outcome.ConditionFailed(0),
            new Outcome.NotFound(),
            new Outcome.Read(SEEN),
            new Outcome.Read(Seen.ABSENT, 0),
            new Outcome.Read(new Seen(KEY, Outcome.UNREPORTED), 12),
            new Outcome.Refused("no \"quorum\"\n"),
            new Outcome.ConditionFailed(Outcome.UNREPORTED),
            new Outcome.Unknown("timed out \u0001"));
    Path file = folder.resolve("history.jsonl");
    AtomicLong clock = new AtomicLong(-5);
    try (HistoryWriter writer = HistoryWriter.create(file, clock::getAndIncrement)) {
      List<Long> ids = new ArrayList<>();
      operations.forEach(operation -> ids.add(writer.invoke("c 1", "n\"2", operation)));
      for (int i = 0; i < outcomes.size(); i++) {
        writer.complete(ids.get(i), outcomes.get(i));
      }
    }
    List<History.Entry> entries = HistoryReader.read(file).entries();
    assertThat(entries).extracting(History.Entry::operation).isEqualTo(operations);
    assertThat(entries.subList(0, outcomes.size()))
        .extracting(History.Entry::outcome)
        .isEqualTo(outcomes);
    History.Entry last = entries.get(outcomes.size());
    assertThat(last.open()).isTrue();
    assertThat(last.completedAt()).isEqualTo(History.NEVER);
    assertThat(entries.get(0).invokedAt()).isEqualTo(-5);
    assertThat(entries.get(0).completedAt()).isEqualTo(-5 + operations.size());
    assertThat(entries)
        .allMatch(each -> each.process().equals("c 1") && each.node().equals("n\"2"));
  }

  @Test
  void aRecordedHistoryIsJudgedLikeTheOneInMemory() throws IOException {
    History history =
        SimulatedStore.run(new Random(3), new SimulatedStore.Load(500, 3, 8, 0.1, 0.3, 0.2));
    Verdict verdict = HistoryFiles.check(recorded(history));
    assertThat(verdict).isEqualTo(LinearizabilityChecker.check(history));
    assertThat(verdict.ok()).isTrue();
  }

  @Test
  void aFileThatIsCutOffAnywhereIsReadUpToThere() throws IOException {
    History history =
        SimulatedStore.run(new Random(5), new SimulatedStore.Load(8, 1, 3, 0.1, 0.3, 0.2));
    byte[] whole = Files.readAllBytes(recorded(history));
    int header = new String(whole, StandardCharsets.UTF_8).indexOf('\n');
    for (int length = header; length < whole.length; length++) {
      Path cut = folder.resolve("cut.jsonl");
      Files.write(cut, Arrays.copyOf(whole, length));
      Verdict verdict = HistoryFiles.check(cut);
      assertThat(verdict.ok()).as("%d bytes: %s", length, verdict).isTrue();
      boolean lineEnds = whole[length] == '\n' || whole[length - 1] == '\n';
      if (lineEnds) {
        assertThat(verdict.notes()).isEmpty();
      } else {
        assertThat(verdict.toString()).contains("cut.jsonl:").contains("the last line is cut off");
      }
    }
  }

  @Test
  void aFileWithoutItsHeaderIsRefused() throws IOException {
    assertThat(problem("{\"format\":\"synod-hist")).contains("the header line is missing");
    assertThat(problem("{\"format\":\"other\",\"version\":1}\n")).contains(":1: not the header");
    assertThat(problem("{\"format\":\"synod-history\",\"version\":2}\n"))
        .contains(":1: format version 2; this reader knows 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "nonsense | '{' expected",
        "{} | \"event\" must be a string",
        "{\"event\":\"invoke\",\"id\":1,\"time\":1,\"process\":\"p\",\"node\":\"\",\"op\":\"get\"}"
            + " | \"key\" must be a string",
        "{\"event\":\"invoke\",\"id\":1,\"time\":1,\"process\":\"p\",\"node\":\"\",\"op\":\"fly\","
            + "\"key\":\"k\"} | unknown op \"fly\"",
        "{\"event\":\"invoke\",\"id\":1,\"time\":1.5,\"process\":\"p\"} | not a whole number: 1.5",
        "{\"event\":\"invoke\",\"id\":1,\"id\":2} | \"id\" for the second time",
        "{\"event\":\"invoke\",\"id\":1,\"time\":1,\"process\":\"p\",\"node\":\"\",\"op\":\"get\","
            + "\"key\":\"k\",\"ttl\":3} | unknown field \"ttl\"",
        "{\"event\":\"invoke\",\"id\":1,\"time\":1,\"process\":\"p\",\"node\":\"\",\"op\":\"get\","
            + "\"key64\":\"%%%%\"} | \"key64\": Illegal base64",
        "{\"event\":\"invoke\",\"id\":0,\"time\":1,\"process\":\"p\",\"node\":\"\",\"op\":\"get\","
            + "\"key\":\"k\"} | operation 0 begins after operation 0",
        "{\"event\":\"complete\",\"id\":5,\"time\":9,\"result\":\"absent\"} | isn't under way",
        "{\"event\":\"complete\",\"id\":0,\"time\":-9,\"result\":\"absent\"} | before it began",
        "{\"event\":\"complete\",\"id\":0,\"time\":9,\"result\":\"great\"} | unknown result",
        "{\"event\":\"complete\",\"id\":0,\"time\":9,\"result\":\"not-found\"} | can't end as",
        "{\"event\":\"complete\",\"id\":0,\"time\":9,\"result\":\"found\",\"value\":\"v\","
            + "\"modRevision\":0} | a value at revision 0",
        "{\"event\":\"complete\",\"id\":0,\"time\":9,\"result\":\"absent\"}} | behind the object",
        "{\"event\":\"complete\",\"id\":0,\"time\":9,\"result\":\"abs | a string without end",
        "{\"event\":\"complete\",\"id\":0,\"time\":99999999999999999999} | beyond 64 bits",
        "{\"event\":\"comp\\lete\"} | not an escape"
      })
  void aDamagedLineIsNamedWithWhatIsWrong(String line, String complaint) throws IOException {
    String before =
        """
        {"format":"synod-history","version":1}
        {"event":"invoke","id":0,"time":1,"process":"p","node":"n1","op":"get","key":"k"}
        """;
    assertThat(problem(before + line + "\n")).contains("damaged:3: ").contains(complaint);
  }

  @Test
  void bytesThatAreNotTextAreNamedWithTheirLine() throws IOException {
    Path file = folder.resolve("damaged");
    Files.write(file, "{\"format\":\"synod-history\",\"version\":1}\n\0\n".getBytes("UTF-8"));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 2] = (byte) 0xff;
    Files.write(file, bytes);
    assertThatThrownBy(() -> HistoryFiles.check(file))
        .isInstanceOf(HistoryFormatException.class)
        .hasMessage(file + ":2: not UTF-8");
  }

  @Test
  void aFileOfAnotherKindIsRefused() throws IOException {
    assertThat(problem("")).contains("neither a history of Synod");
    assertThat(problem("#!/bin/sh\n")).contains("neither a history of Synod");
    assertThatThrownBy(() -> HistoryFiles.check(folder.resolve("missing")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INFO  jepsen.util - 1 :ok :read 3 | process 1 ends read, but was at nothing",
        "INFO  jepsen.util - 0 :ok :write 3 | process 0 ends write 3, but was at write 2",
        "INFO  jepsen.util - 0 :invoke :write 3 | process 0 begins something before it has ended",
        "INFO  jepsen.util - 0 :fail :write :timed-out | only a read can time out",
        "INFO  jepsen.util - 1 :invoke :cas 3 | not a pair: 3",
        "INFO  jepsen.util - 1 :invoke :increment 3 | unknown function :increment",
        "INFO  jepsen.util - 1 :crash :read nil | unknown type :crash",
        "INFO  jepsen.util - 1 :invoke | no event in a register log"
      })
  void aDamagedRegisterLogIsNamedWithItsLine(String line, String complaint) throws IOException {
    assertThat(problem("INFO  jepsen.util - 0 :invoke :write 2\n" + line + "\n"))
        .contains("damaged:2: ")
        .contains(complaint);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{:process 0, :type :ok, :f :put, :key \"1\", :value nil} | :put without a value",
        "{:process 0, :type :ok, :f :put, :key \"2\", :value \"a\"} | process 0 ends put a",
        "{:process 1, :type :invoke, :f :drop, :key \"1\", :value \"a\"} | unknown function :drop",
        "{:process 1, :type :fail, :f :put, :key \"1\", :value \"a\"} | unknown type :fail",
        "{:process 1, :type :invoke | no event in a map log"
      })
  void aDamagedMapLogIsNamedWithItsLine(String line, String complaint) throws IOException {
    String before = "{:process 0, :type :invoke, :f :put, :key \"1\", :value \"a\"}\n";
    assertThat(problem(before + line + "\n")).contains("damaged:2: ").contains(complaint);
  }

  @Test
  void aRegisterLogThatIsCutOffIsReadUpToThere() throws IOException {
    Path file = folder.resolve("cut.log");
    Files.writeString(
        file,
        """
        INFO  jepsen.util - 0 :invoke :write 2
        INFO  jepsen.util - 0 :ok :write 2
        INFO  jepsen.util - 0 :inv""");
    Verdict verdict = HistoryFiles.check(file);
    assertThat(verdict.ok()).isTrue();
    assertThat(verdict.notes()).singleElement().asString().contains("cut.log:3: the last line");
  }

  @Test
  void aRegisterOperationWithoutEndMayTakeEffectLater() throws IOException {
    Path file = folder.resolve("open.log");
    Files.writeString(
        file,
        """
        INFO  jepsen.util - 0 :invoke :write 2
        INFO  jepsen.util - 1 :invoke :read nil
        INFO  jepsen.util - 1 :ok :read nil
        INFO  jepsen.util - 1 :invoke :read nil
        INFO  jepsen.util - 1 :fail :read :timed-out
        INFO  jepsen.util - 1 :invoke :read nil
        INFO  jepsen.util - 1 :ok :read 2
        """);
    assertThat(HistoryFiles.check(file).ok()).isTrue();
  }

  @Test
  void theWriterDoesNotOverwriteAHistory() throws IOException {
    Path file = folder.resolve("history.jsonl");
    HistoryWriter.create(file).close();
    assertThatThrownBy(() -> HistoryWriter.create(file))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void theWriterRefusesWhatCannotBe() throws IOException {
    try (HistoryWriter writer = HistoryWriter.create(folder.resolve("history.jsonl"))) {
      long id = writer.invoke("c", "n", new Operation.Get(KEY));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> writer.complete(id, new Outcome.Applied(1)))
          .withMessageContaining("can't end as");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> writer.complete(id + 1, new Outcome.NotFound()));
    }
  }

  @Test
  void anAnswerAfterTheEndLeavesTheOutcomeUnknown() throws IOException {
    Path file = folder.resolve("history.jsonl");
    HistoryWriter writer = HistoryWriter.create(file);
    long id = writer.invoke("c", "n", new Operation.Put(KEY, BINARY, Condition.NONE));
    writer.close();
    writer.complete(id, new Outcome.Applied(1));
    assertThatIllegalStateException()
        .isThrownBy(() -> writer.invoke("c", "n", new Operation.Get(KEY)));
    assertThat(HistoryReader.read(file).entries()).singleElement().matches(History.Entry::open);
  }

  @Test
  void manyThreadsMayRecordAtOnce() throws Exception {
    Path file = folder.resolve("history.jsonl");
    try (HistoryWriter writer = HistoryWriter.create(file)) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String process = "c" + i;
        Thread thread = new Thread(() -> readOften(writer, process));
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    Verdict verdict = HistoryFiles.check(file);
    assertThat(verdict.ok()).isTrue();
    assertThat(verdict.operations()).isEqualTo(400);
  }

  private static void readOften(HistoryWriter writer, String process) {
    for (int i = 0; i < 100; i++) {
      long id = writer.invoke(process, "n1", new Operation.Get(KEY));
      writer.complete(id, new Outcome.Read(Seen.ABSENT, 0));
    }
  }

  /** The same history as a writer would have recorded it. */
  private Path recorded(History history) throws IOException {
    Path file = folder.resolve("recorded.jsonl");
    List<History.Event> events = history.events();
    AtomicLong now = new AtomicLong();
    try (HistoryWriter writer = HistoryWriter.create(file, now::get)) {
      for (History.Event event : events) {
        History.Entry entry = event.entry();
        now.set(event.invocation() ? entry.invokedAt() : entry.completedAt());
        if (event.invocation()) {
          writer.invoke(entry.process(), entry.node(), entry.operation());
        } else {
          writer.complete(entry.id(), entry.outcome());
        }
      }
    }
    return file;
  }

  private String problem(String content) throws IOException {
    Path file = folder.resolve("damaged");
    Files.writeString(file, content);
    try {
      return "no problem, but " + HistoryFiles.check(file);
    } catch (HistoryFormatException problem) {
      return problem.getMessage();
    }
  }
}
