package synod.http;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpMethod;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.Allow;
import akka.http.javadsl.model.headers.RawHeader;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import synod.kv.Command;
import synod.kv.KeyValue;
import synod.kv.KvLimits;
import synod.kv.Query;
import synod.kv.Result;
import synod.node.Operation;
import synod.node.Outcome;
import synod.node.Request;

/**
 * One key: {@code GET}, {@code PUT} and {@code DELETE} of {@code /v1/kv/KEY}. The key is all of the
 * path behind the prefix, slashes included, percent-decoded to bytes; the value is the body as it
 * is. A write is proposed only when it is known to be within the limits.
 */
final class KeyHandler {
  static final String PREFIX = "/v1/kv/";

  private static final HttpHeader NO_CACHE = RawHeader.create("Cache-Control", "no-cache");

  /** A value never becomes a page in the browser that fetched it. */
  private static final HttpHeader NO_SNIFF = RawHeader.create("X-Content-Type-Options", "nosniff");

  private final Gateway gateway;
  private final Bodies bodies;
  private final RequestOptions options;

  KeyHandler(Gateway gateway, Bodies bodies, RequestOptions options) {
    this.gateway = gateway;
    this.bodies = bodies;
    this.options = options;
  }

  /**
   * @throws Problem if the request is not one that this resource takes
   */
  CompletionStage<HttpResponse> handle(HttpRequest request, Target target) {
    HttpMethod method = request.method();
    byte[] key = Percent.decodePath(target.path().substring(PREFIX.length()));
    if (key.length == 0) {
      throw Problem.invalid("the key is empty; keys are listed at /v1/kv");
    }
    if (key.length > KvLimits.MAX_KEY_BYTES) {
      throw new Problem(
              Problem.Type.KEY_TOO_LONG,
              "the key has " + key.length + " bytes; at most " + KvLimits.MAX_KEY_BYTES)
          .with("limit", KvLimits.MAX_KEY_BYTES);
    }
    if (method.equals(HttpMethods.GET) || method.equals(HttpMethods.HEAD)) {
      return get(request, target.only(RequestOptions.READ), key);
    }
    if (method.equals(HttpMethods.PUT)) {
      return put(request, target.only(Set.of("prev", "timeout")), key);
    }
    if (method.equals(HttpMethods.DELETE)) {
      return delete(request, target.only(Set.of("prev", "timeout")), key);
    }
    throw new Problem(Problem.Type.METHOD_NOT_ALLOWED, "a key takes GET, HEAD, PUT and DELETE")
        .with(Allow.create(HttpMethods.GET, HttpMethods.HEAD, HttpMethods.PUT, HttpMethods.DELETE));
  }

  private CompletionStage<HttpResponse> get(HttpRequest request, Target target, byte[] key) {
    Query query = new Query.Get(key);
    Operation read = options.read(target, query);
    return gateway
        .submit(read, null, options.timeout(request, target))
        .thenApply(
            outcome -> {
              if (outcome instanceof Outcome.Answered answered
                  && answered.answer() instanceof Query.KeyAnswer answer) {
                return found(request, answer, answered.appliedSlot());
              }
              throw Answers.failure(outcome);
            });
  }

  private CompletionStage<HttpResponse> put(HttpRequest request, Target target, byte[] key) {
    Command.Condition condition = Conditions.ofWrite(request);
    boolean prev = target.flag("prev");
    Request.Stamp session = options.session(request);
    Duration timeout = options.timeout(request, target);
    RequestOptions.check(KvLimits.check(new Command.Delete(key, condition, prev)));
    return bodies.read(
        request,
        KvLimits.MAX_VALUE_BYTES,
        "the value",
        body -> {
          Command put = new Command.Put(key, body.toArrayUnsafe(), condition, prev);
          return gateway
              .submit(new Operation.Write(put), session, timeout)
              .thenApply(outcome -> written(outcome, prev));
        });
  }

  private CompletionStage<HttpResponse> delete(HttpRequest request, Target target, byte[] key) {
    boolean prev = target.flag("prev");
    Command delete = new Command.Delete(key, Conditions.ofWrite(request), prev);
    RequestOptions.check(KvLimits.check(delete));
    return gateway
        .submit(
            new Operation.Write(delete), options.session(request), options.timeout(request, target))
        .thenApply(outcome -> written(outcome, prev));
  }

  private static HttpResponse found(HttpRequest request, Query.KeyAnswer answer, long appliedSlot) {
    HttpHeader storeRevision = header("Synod-Store-Revision", answer.revision());
    HttpHeader applied = header("Synod-Applied-Slot", appliedSlot);
    KeyValue found = answer.found();
    if (found == null) {
      throw new Problem(
              Problem.Type.KEY_NOT_FOUND,
              "the key does not exist at the store's revision " + answer.revision())
          .with("revision", answer.revision())
          .with(storeRevision)
          .with(applied);
    }
    List<HttpHeader> headers =
        List.of(
            Conditions.tag(found.modRevision()),
            header("Synod-Create-Revision", found.createRevision()),
            header("Synod-Version", found.version()),
            storeRevision,
            applied,
            NO_CACHE,
            NO_SNIFF);
    HttpResponse response = HttpResponse.create().withHeaders(headers);
    return Conditions.holds(request, found.modRevision())
        ? response.withStatus(304)
        : response.withEntity(ContentTypes.APPLICATION_OCTET_STREAM, found.value());
  }

  private static HttpResponse written(Outcome outcome, boolean prev) {
    if (!(outcome instanceof Outcome.Written written)) {
      throw Answers.failure(outcome);
    }
    HttpHeader slot = header("Synod-Slot", written.slot());
    if (!(written.result() instanceof Result.Applied applied)) {
      throw Answers.failure(written.result()).with(slot);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("revision", applied.revision());
    if (applied.version() > 0) {
      body.put("version", applied.version());
    }
    if (prev) {
      body.put("previous", applied.previous() == null ? null : KeyJson.of(applied.previous()));
    }
    HttpResponse response =
        Json.response(applied.version() == 1 ? 201 : 200, body)
            .addHeader(header("Synod-Revision", applied.revision()))
            .addHeader(slot);
    return applied.version() > 0
        ? response.addHeader(Conditions.tag(applied.revision()))
        : response;
  }

  private static HttpHeader header(String name, long value) {
    return RawHeader.create(name, Long.toString(value));
  }
}
