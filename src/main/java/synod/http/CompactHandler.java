package synod.http;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import synod.kv.Command;
import synod.kv.Result;
import synod.node.Operation;
import synod.node.Outcome;

/** Forgets the changes up to a revision, on all nodes: {@code POST /v1/compact}. */
final class CompactHandler {
  static final Set<String> PARAMETERS = Set.of("revision", "timeout");

  private final Gateway gateway;
  private final RequestOptions options;

  CompactHandler(Gateway gateway, RequestOptions options) {
    this.gateway = gateway;
    this.options = options;
  }

  /**
   * @param compacted changes up to this revision can't be had any more
   */
  record Compacted(long compacted) {}

  CompletionStage<HttpResponse> handle(HttpRequest request, Target target) {
    if (!target.has("revision")) {
      throw Problem.invalid("query parameter revision is missing: compact up to which one?");
    }
    Command compact = new Command.Compact(target.number("revision", 1, Long.MAX_VALUE, 0));
    return gateway
        .submit(new Operation.Write(compact), null, options.timeout(request, target))
        .thenApply(
            outcome -> {
              if (!(outcome instanceof Outcome.Written written)) {
                throw Answers.failure(outcome);
              }
              if (!(written.result() instanceof Result.Compacted compacted)) {
                throw Answers.failure(written.result());
              }
              return Json.response(200, new Compacted(compacted.compacted()));
            });
  }
}
