package synod.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import synod.node.NodeConfig;

/**
 * Chaos orders between nodes: sends them, and carries out those that come. A node whose
 * configuration doesn't allow chaos over HTTP refuses them, whoever asks.
 */
final class ChaosElsewhere {
  private static final Logger LOG = LoggerFactory.getLogger(ChaosElsewhere.class);
  private static final long PATIENCE_MILLIS = 4000;

  private final NodeConfig config;
  private ClusterView view;
  private Function<ChaosOrder, CompletionStage<?>> here;

  ChaosElsewhere(NodeConfig config) {
    this.config = config;
  }

  /**
   * An answer on its way.
   *
   * @param problem null if it was done
   * @param detail of the problem
   * @param result null if it wasn't done
   */
  record Answer(Problem.Type problem, String detail, JsonNode result) {}

  /** To be called once, before anything is sent or comes. */
  void connect(ClusterView to, Function<ChaosOrder, CompletionStage<?>> carryOut) {
    view = to;
    here = carryOut;
  }

  /**
   * @return what the other node answered; fails with a {@link Problem} if it refused or wasn't
   *     heard
   */
  CompletionStage<?> send(String node, ChaosOrder order) {
    return view.ask(node, Json.bytes(order), PATIENCE_MILLIS)
        .handle(
            (bytes, failure) -> {
              if (failure != null) {
                throw new Problem(Problem.Type.UNAVAILABLE, node + " gave no answer in time");
              }
              Answer answer = read(bytes, Answer.class);
              if (answer.problem != null) {
                throw new Problem(answer.problem, answer.detail);
              }
              return answer.result;
            });
  }

  /** Carries out what another node sent. */
  CompletionStage<byte[]> receive(byte[] order) {
    CompletionStage<?> result;
    try {
      if (!config.security().chaosOverHttp()) {
        throw Authorization.chaosOff();
      }
      result = here.apply(read(order, ChaosOrder.class));
    } catch (RuntimeException e) {
      result = CompletableFuture.failedFuture(e);
    }
    return result.handle((done, failure) -> Json.bytes(answer(done, failure)));
  }

  private static Answer answer(Object done, Throwable failure) {
    if (failure == null) {
      return new Answer(null, null, Json.mapper().valueToTree(done));
    }
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof Problem problem) {
      return new Answer(problem.type(), problem.getMessage(), null);
    }
    LOG.error("an order of another node failed", cause);
    return new Answer(
        Problem.Type.INTERNAL, "it failed at the other node, whose log says why", null);
  }

  private static <T> T read(byte[] json, Class<T> type) {
    try {
      return Json.mapper().readValue(json, type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
