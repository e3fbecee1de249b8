package synod.http;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import synod.kv.KeyValue;
import synod.kv.KvLimits;
import synod.kv.Query;
import synod.node.Outcome;

/**
 * Keys by prefix, a page at a time: {@code GET /v1/kv}. All entries of a page are of one state of
 * the store; the next page is of a later one.
 */
final class ListHandler {
  static final Set<String> PARAMETERS = RequestOptions.readAnd(Set.of("prefix", "after", "limit"));

  private static final int DEFAULT_LIMIT = 100;

  private final Gateway gateway;
  private final RequestOptions options;
  private final Executor executor;

  /**
   * @param executor where pages are written out, which takes a while for large ones
   */
  ListHandler(Gateway gateway, RequestOptions options, Executor executor) {
    this.gateway = gateway;
    this.options = options;
    this.executor = executor;
  }

  /**
   * @param more whether further keys follow
   * @param next what to give as {@code after} for the next page, percent-encoded as it stands; null
   *     if there is none
   */
  record Page(List<KeyJson> entries, boolean more, String next, long revision) {
    static Page of(Query.PageAnswer answer) {
      List<KeyValue> entries = answer.entries();
      return new Page(
          entries.stream().map(KeyJson::of).toList(),
          answer.more(),
          answer.more() ? Percent.encode(entries.get(entries.size() - 1).key()) : null,
          answer.revision());
    }
  }

  CompletionStage<HttpResponse> handle(HttpRequest request, Target target) {
    int limit = (int) target.number("limit", 1, KvLimits.MAX_LIST_LIMIT, DEFAULT_LIMIT);
    Query query = new Query.ListKeys(target.bytes("prefix"), target.bytes("after"), limit);
    return gateway
        .submit(options.read(target, query), null, options.timeout(request, target))
        .thenApplyAsync(
            outcome -> {
              if (outcome instanceof Outcome.Answered answered
                  && answered.answer() instanceof Query.PageAnswer page) {
                return Json.response(200, Page.of(page))
                    .addHeader(
                        RawHeader.create("Synod-Store-Revision", Long.toString(page.revision())));
              }
              throw Answers.failure(outcome);
            },
            executor);
  }
}
