package synod.http;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import synod.kv.KvLimits;
import synod.kv.Query;
import synod.kv.SessionId;
import synod.node.NodeConfig;
import synod.node.Operation;
import synod.node.Request;

/**
 * What requests for keys may say beside the key: a timeout, how consistent a read must be, and a
 * write's place in its client's session. Whatever does not make sense is refused by name.
 */
final class RequestOptions {
  /** The query parameters of every read. */
  static final Set<String> READ = Set.of("consistency", "min-revision", "timeout");

  /**
   * Results that a session keeps if its client does not say what it has seen: enough for as many
   * writes at once.
   */
  static final int DEFAULT_OUTSTANDING = 16;

  private final NodeConfig.Timing timing;

  RequestOptions(NodeConfig.Timing timing) {
    this.timing = timing;
  }

  static Set<String> readAnd(Set<String> more) {
    Set<String> all = new HashSet<>(READ);
    all.addAll(more);
    return Set.copyOf(all);
  }

  /** Refuses a request with the sentence that says what is wrong with it. */
  static void check(Optional<String> fault) {
    fault.ifPresent(
        sentence -> {
          throw Problem.invalid(sentence);
        });
  }

  /** From the query parameter, the header, or the configuration, in this order. */
  Duration timeout(HttpRequest request, Target target) {
    return timeout(request, target, timing.requestTimeout());
  }

  /** The same for what takes long: if neither says anything, as long as a request may take. */
  Duration longTimeout(HttpRequest request, Target target) {
    return timeout(request, target, timing.requestTimeoutMax());
  }

  private Duration timeout(HttpRequest request, Target target, Duration otherwise) {
    Duration timeout = target.duration("timeout");
    String what = "query parameter timeout";
    if (timeout == null) {
      what = "header Synod-Timeout";
      String text = header(request, "Synod-Timeout");
      timeout = text == null ? otherwise : Values.duration(what, text);
    }
    Duration longest = timing.requestTimeoutMax();
    if (timeout.toMillis() < 1 || timeout.compareTo(longest) > 0) {
      throw Problem.invalid(
          what + " must lie between 1ms and " + longest.toMillis() + "ms, not " + timeout);
    }
    return timeout;
  }

  Operation read(Target target, Query query) {
    check(KvLimits.check(query));
    String consistency = target.text("consistency");
    boolean stale = "stale".equals(consistency);
    if (!stale && consistency != null && !consistency.equals("linearizable")) {
      throw Problem.invalid(
          "query parameter consistency must be linearizable or stale, not " + consistency);
    }
    if (!stale && target.has("min-revision")) {
      throw Problem.invalid("query parameter min-revision needs consistency=stale");
    }
    return stale
        ? new Operation.StaleRead(query, target.number("min-revision", 0, Long.MAX_VALUE, 0))
        : new Operation.LinearizableRead(query);
  }

  /** The write's place in its client's session, or null if it brings none. */
  Request.Stamp session(HttpRequest request) {
    String id = header(request, "Synod-Session");
    if (id == null) {
      if (header(request, "Synod-Sequence") != null) {
        throw Problem.invalid("header Synod-Sequence needs Synod-Session");
      }
      if (header(request, "Synod-Acknowledged") != null) {
        throw Problem.invalid("header Synod-Acknowledged needs Synod-Session");
      }
      return null;
    }
    return session(request, sessionId("header Synod-Session", id));
  }

  /** A command's place in a session whose id is known from elsewhere. */
  Request.Stamp session(HttpRequest request, SessionId id) {
    String text = header(request, "Synod-Sequence");
    if (text == null) {
      throw Problem.invalid(
          "header Synod-Sequence is missing: number the session's commands from 1, and repeat a"
              + " command with its number");
    }
    long sequence = Values.number("header Synod-Sequence", text, 1, Long.MAX_VALUE);
    String seen = header(request, "Synod-Acknowledged");
    long acknowledged =
        seen == null
            ? Math.max(0, sequence - DEFAULT_OUTSTANDING)
            : Values.number("header Synod-Acknowledged", seen, 0, Long.MAX_VALUE);
    check(KvLimits.checkPlace(sequence, acknowledged));
    return new Request.Stamp(id, sequence, acknowledged);
  }

  /**
   * @param what names the place for the message
   */
  static SessionId sessionId(String what, String text) {
    try {
      return SessionId.parse(text);
    } catch (IllegalArgumentException e) {
      throw Problem.invalid(what + ": " + e.getMessage());
    }
  }

  private static String header(HttpRequest request, String name) {
    return request.getHeader(name).map(HttpHeader::value).map(String::trim).orElse(null);
  }
}
