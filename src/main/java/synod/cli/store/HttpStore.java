package synod.cli.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import synod.cli.store.HttpNodes.Answer;
import synod.client.ReadOptions;
import synod.client.RefusedException;
import synod.client.UnknownOutcomeException;
import synod.client.WriteOptions;
import synod.client.WriteResult;
import synod.kv.Command;
import synod.kv.Command.Condition;
import synod.kv.KeyValue;
import synod.kv.KvLimits;
import synod.kv.Query;
import synod.kv.Query.KeyAnswer;
import synod.kv.Query.PageAnswer;
import synod.node.Outcome.Reason;

/** The store over HTTP. The options must bring their timeout. */
final class HttpStore implements Store {
  private static final String KEY_NOT_FOUND = "key-not-found";
  private static final int CONDITION_FAILED = 412;
  private static final int OUTCOME_UNKNOWN = 504;
  private static final int QUOTA_EXCEEDED = 507;

  private final HttpNodes nodes;

  HttpStore(HttpNodes nodes) {
    this.nodes = nodes;
  }

  @Override
  public WriteResult put(byte[] key, byte[] value, WriteOptions options) {
    refuse(KvLimits.check(new Command.Put(key, value, options.condition(), false)));
    return write("PUT", key, BodyPublishers.ofByteArray(value), options);
  }

  @Override
  public WriteResult delete(byte[] key, WriteOptions options) {
    refuse(KvLimits.check(new Command.Delete(key, options.condition(), false)));
    return write("DELETE", key, BodyPublishers.noBody(), options);
  }

  private WriteResult write(String method, byte[] key, BodyPublisher body, WriteOptions options) {
    String previous = options.previous() ? "&prev=true" : "";
    Answer answer =
        nodes.askAny(
            true,
            options.timeout(),
            (node, limit) -> {
              HttpRequest.Builder request =
                  HttpRequest.newBuilder(node.uri(target(key) + timeout(limit) + previous))
                      .method(method, body);
              condition(request, options.condition());
              return request;
            });
    long slot = answer.number("Synod-Slot");
    if (answer.status() == 200 || answer.status() == 201) {
      JsonNode json = answer.json();
      JsonNode held = json.path("previous");
      return new WriteResult.Applied(
          json.path("revision").asLong(),
          json.path("version").asLong(),
          held.isObject() ? Optional.of(keyValue(held)) : Optional.empty(),
          slot);
    }
    if (answer.problemType().equals(KEY_NOT_FOUND)) {
      return new WriteResult.NotFound(slot);
    }
    if (answer.status() == CONDITION_FAILED) {
      return new WriteResult.ConditionFailed(answer.json().path("currentRevision").asLong(), slot);
    }
    if (answer.status() == OUTCOME_UNKNOWN) {
      throw new UnknownOutcomeException(answer.problem());
    }
    if (answer.status() == QUOTA_EXCEEDED) {
      throw new RefusedException(Reason.QUOTA_EXCEEDED, answer.problem());
    }
    if (answer.status() < 500) {
      throw new RefusedException(Reason.INVALID, answer.problem());
    }
    throw new UnknownOutcomeException("the write may or may not be applied: " + answer.problem());
  }

  private static void condition(HttpRequest.Builder request, Condition condition) {
    if (condition instanceof Condition.ModRevision expected) {
      request.header("If-Match", "\"" + expected.revision() + "\"");
    } else if (condition instanceof Condition.Absent) {
      request.header("If-None-Match", "*");
    } else if (condition instanceof Condition.Present) {
      request.header("If-Match", "*");
    }
  }

  @Override
  public KeyAnswer get(byte[] key, ReadOptions options) {
    refuse(KvLimits.check(new Query.Get(key)));
    Answer answer = read(target(key), options);
    long revision = answer.number("Synod-Store-Revision");
    if (answer.problemType().equals(KEY_NOT_FOUND)) {
      return new KeyAnswer(null, revision);
    }
    expectOk(answer);
    String tag = answer.response().headers().firstValue("ETag").orElse("\"0\"");
    return new KeyAnswer(
        new KeyValue(
            key,
            answer.response().body(),
            answer.number("Synod-Create-Revision"),
            Long.parseLong(tag.replace("\"", "")),
            answer.number("Synod-Version")),
        revision);
  }

  @Override
  public PageAnswer list(byte[] prefix, byte[] after, int limit, ReadOptions options) {
    refuse(KvLimits.check(new Query.ListKeys(prefix, after, limit)));
    String target =
        "/v1/kv?limit=%d&prefix=%s&after=%s&"
            .formatted(limit, Text.percentEncoded(prefix), Text.percentEncoded(after));
    Answer answer = read(target, options);
    expectOk(answer);
    List<KeyValue> entries = new ArrayList<>();
    answer.json().path("entries").forEach(entry -> entries.add(keyValue(entry)));
    return new PageAnswer(
        entries, answer.json().path("more").asBoolean(), answer.json().path("revision").asLong());
  }

  private Answer read(String target, ReadOptions options) {
    String consistency =
        options.stale() ? "&consistency=stale&min-revision=" + options.minRevision() : "";
    return nodes.askAny(
        false,
        options.timeout(),
        (node, limit) -> HttpRequest.newBuilder(node.uri(target + timeout(limit) + consistency)));
  }

  private static void expectOk(Answer answer) {
    if (answer.status() != 200) {
      Reason reason = answer.status() < 500 ? Reason.INVALID : Reason.UNAVAILABLE;
      throw new RefusedException(reason, answer.problem());
    }
  }

  private static String target(byte[] key) {
    return "/v1/kv/" + Text.percentEncoded(key) + "?";
  }

  private static String timeout(Duration limit) {
    return "timeout=" + limit.toMillis() + "ms";
  }

  private static KeyValue keyValue(JsonNode json) {
    try {
      return new KeyValue(
          json.path("key64").binaryValue(),
          json.path("value64").binaryValue(),
          json.path("createRevision").asLong(),
          json.path("modRevision").asLong(),
          json.path("version").asLong());
    } catch (IOException e) {
      throw new UncheckedIOException("a node sent bytes that are no base64", e);
    }
  }

  private static void refuse(Optional<String> fault) {
    if (fault.isPresent()) {
      throw new RefusedException(Reason.INVALID, fault.get());
    }
  }
}
