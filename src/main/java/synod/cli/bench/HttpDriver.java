package synod.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The nodes' HTTP interface over connections that are kept alive, one request at a time on each,
 * all served by one thread: a general client would cost more than the servers do.
 */
final class HttpDriver implements Driver {
  private static final long CLOSING_MILLIS = 5_000;

  private final List<InetSocketAddress> nodes;
  private final String query;
  private final Selector selector;
  private final Thread thread = new Thread(this::run, "bench-http");
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  // Of the thread alone
  private final Deque<HttpConnection> idle = new ArrayDeque<>();
  private final List<HttpConnection> open = new ArrayList<>();
  private int nextNode;

  /**
   * @param nodes to spread connections over
   */
  HttpDriver(List<InetSocketAddress> nodes, boolean stale) {
    this.nodes = List.copyOf(nodes);
    this.query = stale ? "?consistency=stale" : "";
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread.setDaemon(true);
    thread.start();
  }

  /** As many connections as can be busy, so that those of an earlier load don't matter. */
  @Override
  public void prepare(int outstanding) {
    enqueue(
        () -> {
          int wanted = Math.max(outstanding, nodes.size());
          while (idle.size() > wanted) {
            discard(idle.remove());
          }
        });
  }

  @Override
  public void send(Operation operation, Reply reply) {
    if (Thread.currentThread() == thread) {
      begin(operation, reply);
    } else {
      enqueue(() -> begin(operation, reply));
    }
  }

  private void enqueue(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  private void begin(Operation operation, Reply reply) {
    if (closed) {
      reply.failed("the client is closed");
      return;
    }
    HttpConnection connection = idle.poll();
    try {
      if (connection == null) {
        connection = connect();
      }
      connection.send(operation, operation.kind() == Kind.GET ? query : "", reply);
    } catch (IOException e) {
      if (connection != null) {
        discard(connection);
      }
      reply.failed("no connection: " + e.getMessage());
    }
  }

  private HttpConnection connect() throws IOException {
    InetSocketAddress node = nodes.get(nextNode);
    nextNode = (nextNode + 1) % nodes.size();
    HttpConnection connection = HttpConnection.open(node, selector);
    open.add(connection);
    return connection;
  }

  private void discard(HttpConnection connection) {
    open.remove(connection);
    connection.close();
  }

  private void run() {
    try {
      while (!closed) {
        selector.select(key -> serve((HttpConnection) key.attachment(), key));
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
      }
      selector.close();
    } catch (IOException e) {
      closed = true;
    }
    for (HttpConnection connection : List.copyOf(open)) {
      discard(connection);
      connection.fail("the client is closed");
    }
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  private void serve(HttpConnection connection, SelectionKey key) {
    try {
      if (!connection.proceed(key)) {
        return;
      }
      if (connection.isReusable()) {
        idle.add(connection);
      } else {
        discard(connection);
      }
      connection.reply();
    } catch (IOException e) {
      discard(connection);
      idle.remove(connection);
      connection.fail(e.getMessage());
    }
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      thread.join(CLOSING_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
