package synod.cli.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import javax.net.ssl.SSLHandshakeException;
import synod.cli.store.HttpNodes.Answer;

/** Asks each node for itself, all at once. */
final class NodeAnswers {
  /**
   * What came of asking one node.
   *
   * @param json what it answered; null if it didn't, or not with what was asked for
   * @param problem why not; null if it did
   */
  record NodeAnswer(Address node, JsonNode json, String problem) {
    boolean isOk() {
      return problem == null;
    }
  }

  private NodeAnswers() {}

  /** The answers in the order of the nodes, each within the time. */
  static List<NodeAnswer> ask(
      HttpNodes http,
      List<Address> nodes,
      Duration timeout,
      Function<Address, HttpRequest.Builder> request) {
    ExecutorService threads = Executors.newFixedThreadPool(nodes.size());
    try {
      List<Future<NodeAnswer>> asked = new ArrayList<>();
      for (Address node : nodes) {
        asked.add(threads.submit(() -> ask(http, node, request.apply(node), timeout)));
      }
      List<NodeAnswer> answers = new ArrayList<>();
      for (Future<NodeAnswer> answer : asked) {
        answers.add(answer.get());
      }
      return answers;
    } catch (InterruptedException e) {
      throw new CancelledException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a node could not be asked", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static NodeAnswer ask(
      HttpNodes http, Address node, HttpRequest.Builder request, Duration timeout) {
    try {
      Answer answer = http.ask(node, request, timeout);
      return answer.status() == 200
          ? new NodeAnswer(node, answer.json(), null)
          : new NodeAnswer(node, null, answer.problem());
    } catch (ConnectException | HttpConnectTimeoutException e) {
      return new NodeAnswer(node, null, "can't be reached");
    } catch (SSLHandshakeException e) {
      return new NodeAnswer(node, null, "is not trusted: " + e.getMessage());
    } catch (IOException e) {
      return new NodeAnswer(node, null, "no answer");
    }
  }
}
