package synod.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * What all nodes told of themselves lately, in one numbered stream, for any number of readers. A
 * reader takes what is there when it has time: nothing is queued for it, so that a slow one costs
 * nothing and is told how much it missed. What presses is told at once; one who waits for the rest
 * gets it all together, every so often. Any thread may call.
 */
final class ClusterFeed {
  private static final int KEPT = 4096;
  private static final int KEPT_BYTES = 2 << 20;
  private static final int RARE_KEPT = 400;

  /** A reader gets about so much at a time. */
  private static final int CHUNK_BYTES = 128 << 10;

  private record Entry(long id, Told told) {}

  /**
   * @param from which number on; the next read begins there
   * @param lost events that were gone before they could be read
   */
  record Chunk(long from, long lost, List<Numbered> told) {}

  /** Told with its number in the stream. */
  record Numbered(long id, Told told) {}

  private record Waiting(
      long from, Predicate<Told> filter, CompletableFuture<Chunk> chunk, long since) {
    boolean hasWaited(long nanos) {
      return System.nanoTime() - since >= nanos;
    }
  }

  private final long paceNanos;
  private final Deque<Entry> entries = new ArrayDeque<>();

  /** Rare ones that the entries hold no more; all older than those. */
  private final Deque<Entry> rare = new ArrayDeque<>();

  private final Map<String, Long> numbers = new HashMap<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private String name = newName();
  private long bytes;
  private long next = 1;
  private boolean ended;

  /**
   * @param paceNanos how long a reader waits at least for what doesn't press
   */
  ClusterFeed(long paceNanos) {
    this.paceNanos = paceNanos;
  }

  /** Of this stream, as against an earlier one of this or another node. */
  synchronized String name() {
    return name;
  }

  /** Begins a new stream: what the nodes tell from now on is no continuation of what they told. */
  synchronized void restart() {
    name = newName();
    entries.clear();
    rare.clear();
    numbers.clear();
    bytes = 0;
    next = 1;
  }

  /** A node came back and counts its events from 1 again. */
  synchronized void forgetNumbers(String node) {
    numbers.remove(node);
  }

  synchronized void publish(List<Told> news) {
    List<Told> pressing = new ArrayList<>();
    for (Told told : news) {
      if (isNew(told)) {
        add(told);
        if (told.isPressing()) {
          pressing.add(told);
        }
      }
    }
    answer(pressing);
  }

  /** Gives those who have waited for long enough what there is. */
  synchronized void answerDue() {
    answer(List.of());
  }

  private boolean isNew(Told told) {
    if (told.number() == 0) {
      return true;
    }
    Long last = numbers.get(told.node());
    if (last != null && told.number() <= last) {
      return false;
    }
    numbers.put(told.node(), told.number());
    return true;
  }

  private void add(Told told) {
    entries.addLast(new Entry(next++, told));
    bytes += told.bytes();
    while (entries.size() > KEPT || bytes > KEPT_BYTES) {
      Entry oldest = entries.removeFirst();
      bytes -= oldest.told.bytes();
      if (oldest.told.isRare()) {
        rare.addLast(oldest);
      }
    }
    while (rare.size() > RARE_KEPT) {
      rare.removeFirst();
    }
  }

  /**
   * The events from this number on that pass the filter, as soon as there are any; an empty chunk
   * when there were none for a while.
   *
   * @return null once the stream has ended
   */
  synchronized CompletionStage<Chunk> read(long from, Predicate<Told> filter) {
    CompletableFuture<Chunk> chunk = new CompletableFuture<>();
    if (ended) {
      chunk.complete(null);
      return chunk;
    }
    Chunk now = chunk(from, filter);
    if (now.told.isEmpty() && now.lost == 0) {
      waiting.add(new Waiting(now.from, filter, chunk, System.nanoTime()));
    } else {
      chunk.complete(now);
    }
    return chunk;
  }

  /** Gives an empty chunk to those who have waited for this long. */
  synchronized void release(long nanos) {
    waiting.removeIf(
        reader ->
            reader.hasWaited(nanos) && reader.chunk.complete(new Chunk(reader.from, 0, List.of())));
  }

  /** No more events; readers come to the end. */
  synchronized void end() {
    ended = true;
    waiting.forEach(reader -> reader.chunk.complete(null));
    waiting.clear();
  }

  private void answer(List<Told> pressing) {
    List<Waiting> all = new ArrayList<>(waiting);
    waiting.clear();
    for (Waiting reader : all) {
      if (!reader.hasWaited(paceNanos) && pressing.stream().noneMatch(reader.filter)) {
        waiting.add(reader);
        continue;
      }
      Chunk chunk = chunk(reader.from, reader.filter);
      if (chunk.told.isEmpty() && chunk.lost == 0) {
        waiting.add(new Waiting(chunk.from, reader.filter, reader.chunk, reader.since));
      } else {
        reader.chunk.complete(chunk);
      }
    }
  }

  private Chunk chunk(long from, Predicate<Told> filter) {
    List<Numbered> told = new ArrayList<>();
    long oldest = entries.isEmpty() ? next : entries.peekFirst().id;
    long gone = Math.max(0, oldest - from);
    for (Entry entry : rare) {
      if (entry.id >= from) {
        gone--;
        if (filter.test(entry.told)) {
          told.add(new Numbered(entry.id, entry.told));
        }
      }
    }
    // Almost always a reader is close behind: look from the end for where it stands.
    List<Entry> behind = new ArrayList<>();
    var backwards = entries.descendingIterator();
    while (backwards.hasNext()) {
      Entry entry = backwards.next();
      if (entry.id < from) {
        break;
      }
      behind.add(entry);
    }
    int size = 0;
    long upTo = Math.max(from, next);
    for (int i = behind.size() - 1; i >= 0; i--) {
      Entry entry = behind.get(i);
      if (size > CHUNK_BYTES) {
        upTo = entry.id;
        break;
      }
      if (filter.test(entry.told)) {
        told.add(new Numbered(entry.id, entry.told));
        size += entry.told.bytes();
      }
    }
    return new Chunk(upTo, gone, told);
  }

  private static String newName() {
    return UUID.randomUUID().toString().substring(0, 8);
  }
}
