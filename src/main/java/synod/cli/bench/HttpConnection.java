package synod.cli.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One connection to a node, with one request at a time: just as much of HTTP/1.1 as the nodes'
 * answers for single keys need. Belongs to the thread of its driver.
 */
final class HttpConnection {
  private static final int HEAD_BYTES = 8 << 10;
  private static final int SHOWN_BYTES = 300;
  private static final byte[] LENGTH = ascii("content-length:");
  private static final byte[] CLOSE = ascii("connection: close");
  private static final byte[] END = ascii("\r\n\r\n");

  private final SocketChannel channel;
  private final SelectionKey key;
  private final byte[] host;
  private final ByteArrayOutputStream request = new ByteArrayOutputStream(256);
  private ByteBuffer unsent = ByteBuffer.allocate(0);
  private ByteBuffer received = ByteBuffer.allocate(HEAD_BYTES);
  private Kind kind;
  private Driver.Reply reply;
  private int status;
  private boolean reusable;

  /** Where the head ends; 0 while it hasn't been received. */
  private int headEnd;

  private int answerEnd;

  private HttpConnection(SocketChannel channel, Selector selector, InetSocketAddress node)
      throws IOException {
    this.channel = channel;
    this.host = ascii(" HTTP/1.1\r\nHost: " + node.getHostString() + ":" + node.getPort() + "\r\n");
    this.key = channel.register(selector, SelectionKey.OP_CONNECT, this);
  }

  /** Begins to connect. */
  static HttpConnection open(InetSocketAddress node, Selector selector) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.connect(node);
      return new HttpConnection(channel, selector, node);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Sends a request; nothing may be under way. Its key is of characters that need no escape. */
  void send(Operation operation, String query, Driver.Reply to) throws IOException {
    kind = operation.kind();
    reply = to;
    headEnd = 0;
    received.clear();
    request.reset();
    request.writeBytes(ascii(kind.name() + " /v1/kv/"));
    request.writeBytes(operation.key());
    request.writeBytes(ascii(query));
    request.writeBytes(host);
    if (operation.value() != null) {
      request.writeBytes(ascii("Content-Length: " + operation.value().length + "\r\n\r\n"));
      request.writeBytes(operation.value());
    } else {
      request.writeBytes(ascii("\r\n"));
    }
    unsent = ByteBuffer.wrap(request.toByteArray());
    if (channel.isConnected()) {
      write();
    }
  }

  private void write() throws IOException {
    channel.write(unsent);
    key.interestOps(
        unsent.hasRemaining()
            ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
            : SelectionKey.OP_READ);
  }

  /**
   * Does what the network is ready for.
   *
   * @return whether the answer is complete
   * @throws IOException if there will be none, or the server has closed an idle connection
   */
  boolean proceed(SelectionKey ready) throws IOException {
    if (ready.isConnectable()) {
      channel.finishConnect();
      write();
      return false;
    }
    if (ready.isWritable()) {
      write();
    }
    return ready.isReadable() && read();
  }

  private boolean read() throws IOException {
    if (channel.read(received) < 0) {
      throw new IOException("the node closed the connection");
    }
    if (reply == null) {
      throw new IOException("an answer that nobody asked for");
    }
    if (headEnd == 0) {
      readHead();
    }
    return headEnd > 0 && received.position() >= answerEnd;
  }

  private void readHead() throws IOException {
    byte[] bytes = received.array();
    int end = indexOf(END, bytes, 0, received.position());
    if (end < 0) {
      if (!received.hasRemaining()) {
        throw new IOException("an answer with a head of more than " + HEAD_BYTES + " bytes");
      }
      return;
    }
    headEnd = end + END.length;
    status = number(bytes, "HTTP/1.1 ".length());
    int length = indexOf(LENGTH, bytes, 0, end);
    if (length < 0 && status != 204 && status != 304) {
      throw new IOException("an answer without Content-Length");
    }
    answerEnd = headEnd + (length < 0 ? 0 : number(bytes, length + LENGTH.length));
    reusable = indexOf(CLOSE, bytes, 0, end) < 0;
    if (answerEnd > received.capacity()) {
      received = ByteBuffer.wrap(Arrays.copyOf(bytes, answerEnd)).position(received.position());
    }
  }

  /** The place of a text in lower case, whatever the case of the bytes; -1 if it isn't there. */
  private static int indexOf(byte[] text, byte[] bytes, int from, int to) {
    for (int i = from; i <= to - text.length; i++) {
      int same = 0;
      while (same < text.length && lower(bytes[i + same]) == text[same]) {
        same++;
      }
      if (same == text.length) {
        return i;
      }
    }
    return -1;
  }

  private static int lower(byte letter) {
    return letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter;
  }

  private static int number(byte[] bytes, int from) {
    int at = from;
    while (bytes[at] == ' ') {
      at++;
    }
    int number = 0;
    while (bytes[at] >= '0' && bytes[at] <= '9') {
      number = 10 * number + bytes[at++] - '0';
    }
    return number;
  }

  /** Whether the connection may carry another request. */
  boolean isReusable() {
    return reusable;
  }

  /** Reports the complete answer. */
  void reply() {
    Driver.Reply to = reply;
    reply = null;
    boolean known = status / 100 == 2 || status == 404 && kind != Kind.PUT;
    if (known) {
      to.succeeded();
    } else {
      int shown = Math.min(answerEnd - headEnd, SHOWN_BYTES);
      String body = new String(received.array(), headEnd, shown, StandardCharsets.UTF_8);
      to.failed("HTTP " + status + ": " + body.strip());
    }
  }

  /** Reports that there will be no answer, if one is waited for. */
  void fail(String why) {
    Driver.Reply to = reply;
    reply = null;
    if (to != null) {
      to.failed(why);
    }
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It is not used again, whatever becomes of it.
      fail(e.getMessage());
    }
  }
}
