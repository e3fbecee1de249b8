package synod.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import synod.paxos.DurableRecord;

@Timeout(20)
class LogWriterTest {
  private final SlowLog log = new SlowLog();
  private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
  private final List<String> batches = Collections.synchronizedList(new ArrayList<>());
  private final List<Long> completed = Collections.synchronizedList(new ArrayList<>());
  private final LogWriter writer =
      new LogWriter(
          "test-log-writer",
          log,
          failures::add,
          (writes, records, nanos) -> batches.add(writes + "/" + records));

  @AfterEach
  void stop() {
    log.turns.release(1_000_000);
    writer.close();
  }

  @Test
  void whatQueuedUpDuringAWriteIsWrittenTogetherAndCompletedInOrder() throws Exception {
    write(1);
    log.awaitBegun();
    for (long round = 2; round <= 5; round++) {
      write(round);
    }
    assertThat(writer.depth()).isEqualTo(4);
    log.turns.release(2);
    awaitDurable();
    assertThat(log.written).containsExactly(List.of(1L), List.of(2L, 3L, 4L, 5L));
    assertThat(completed).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(batches).startsWith("1/1").element(1).asString().endsWith("/4");
  }

  @Test
  void noCompletionRunsBeforeItsRecordsAreDurable() throws Exception {
    write(1);
    log.awaitBegun();
    assertThat(completed).isEmpty();
    log.turns.release();
    awaitDurable();
    assertThat(completed).containsExactly(1L);
  }

  @Test
  void aBarrierRunsBehindAllEarlierWritesAndWritesNothing() throws Exception {
    write(1);
    log.awaitBegun();
    write(2);
    CountDownLatch passed = new CountDownLatch(1);
    writer.barrier(
        () -> {
          assertThat(completed).containsExactly(1L, 2L);
          passed.countDown();
        });
    log.turns.release();
    log.awaitBegun();
    assertThat(passed.getCount()).isEqualTo(1);
    log.turns.release();
    passed.await();
    assertThat(log.written).containsExactly(List.of(1L), List.of(2L));
  }

  @Test
  void afterAFailedWriteNothingCompletesAndNothingIsWritten() throws Exception {
    log.failAt = 2;
    write(1);
    log.awaitBegun();
    write(2);
    write(3);
    log.turns.release(2);
    Throwable cause = failures.take();
    write(4);
    writer.barrier(() -> completed.add(5L));
    log.turns.release(10);
    writer.close();
    assertThat(cause).isInstanceOf(StorageFailure.class).hasMessage("refused");
    assertThat(writer.failure()).contains(cause);
    assertThat(completed).containsExactly(1L);
    assertThat(log.written).containsExactly(List.of(1L), List.of(2L, 3L));
    assertThat(writer.depth()).isZero();
    assertThat(failures).isEmpty();
  }

  @Test
  void aCompletionThatThrowsIsAFailureToo() throws Exception {
    log.turns.release(10);
    IllegalStateException bug = new IllegalStateException("bug");
    writer.write(
        records(1),
        () -> {
          throw bug;
        });
    assertThat(failures.take()).isSameAs(bug);
    write(2);
    writer.close();
    assertThat(completed).isEmpty();
  }

  @Test
  void closingFinishesWhatIsQueuedAndDropsWhatComesLater() throws Exception {
    LongStream.rangeClosed(1, 10).forEach(this::write);
    log.turns.release(20);
    writer.close();
    write(11);
    assertThat(completed).containsExactlyElementsOf(LongStream.rangeClosed(1, 10).boxed().toList());
    assertThat(log.written.stream().mapToInt(List::size).sum()).isEqualTo(10);
    assertThat(failures).isEmpty();
  }

  private void write(long round) {
    writer.write(records(round), () -> completed.add(round));
  }

  private static List<DurableRecord> records(long round) {
    return List.of(new DurableRecord.Round(round));
  }

  private void awaitDurable() throws InterruptedException {
    CountDownLatch passed = new CountDownLatch(1);
    writer.barrier(passed::countDown);
    passed.await();
  }

  /** A log whose writes end when the test lets them, and fail from a chosen one on. */
  private static final class SlowLog implements DurableLog {
    final Semaphore begun = new Semaphore(0);
    final Semaphore turns = new Semaphore(0);
    final List<List<Long>> written = Collections.synchronizedList(new ArrayList<>());
    volatile int failAt = Integer.MAX_VALUE;

    @Override
    public void write(List<DurableRecord> records) {
      begun.release();
      turns.acquireUninterruptibly();
      written.add(records.stream().map(r -> ((DurableRecord.Round) r).round()).toList());
      if (written.size() >= failAt) {
        throw new StorageFailure("refused", null);
      }
    }

    void awaitBegun() throws InterruptedException {
      assertThat(begun.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
    }
  }
}
