package synod.cli.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import synod.client.RefusedException;
import synod.client.UnknownOutcomeException;
import synod.node.Outcome.Reason;

/**
 * The nodes' HTTP interfaces, and which of them to ask. A request goes to one node after the other,
 * beginning anywhere, until one answers; a write only as long as it is certain that no node has
 * taken it. May be used by one thread at a time.
 */
final class HttpNodes {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

  /** How much longer than the node's own deadline its answer is waited for. */
  private static final Duration GRACE = Duration.ofMillis(500);

  /** Between two rounds through all nodes. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private static final int SERVICE_UNAVAILABLE = 503;

  private final List<Address> addresses;
  private final List<Address> gateways;
  private final Optional<String> token;
  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient client;

  /** An answer, and whose it is. */
  record Answer(Address node, int status, HttpResponse<byte[]> response, JsonNode json) {
    /** What is wrong, in the node's words. */
    String problem() {
      return HttpNodes.problem(node, status, json);
    }

    /** The last part of the problem's type, such as {@code key-not-found}; empty if it has none. */
    String problemType() {
      String type = json.path("type").asText();
      return type.substring(type.lastIndexOf(':') + 1);
    }

    long number(String header) {
      return response.headers().firstValueAsLong(header).orElse(0);
    }
  }

  /**
   * @param token goes with every request
   * @param trust what makes a node's certificate good; for nodes that speak TLS
   */
  HttpNodes(List<Address> addresses, Optional<String> token, Optional<SSLContext> trust) {
    this.token = token;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT);
    trust.ifPresent(builder::sslContext);
    this.client = builder.build();
    this.addresses = List.copyOf(addresses);
    this.gateways = addresses.stream().filter(Address::servesClients).toList();
  }

  /** All of them, in the order of the configuration. */
  List<Address> addresses() {
    return addresses;
  }

  /** Asks one node. */
  Answer ask(Address node, HttpRequest.Builder request, Duration timeout) throws IOException {
    token.ifPresent(shown -> request.setHeader("Authorization", "Bearer " + shown));
    try {
      HttpResponse<byte[]> response =
          client.send(
              request.timeout(timeout.plus(GRACE)).build(),
              HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(node, response.statusCode(), response, parse(response, response.body()));
    } catch (InterruptedException e) {
      throw new CancelledException(e);
    }
  }

  /** Takes an answer that may be long. */
  interface Taker {
    void take(InputStream body) throws IOException;
  }

  /**
   * Asks one node for something long.
   *
   * @param timeout until the answer begins
   * @param taker gets the body if the status is 200
   * @return what is wrong, if it is another one
   */
  Optional<String> fetch(Address node, HttpRequest.Builder request, Duration timeout, Taker taker)
      throws IOException {
    token.ifPresent(shown -> request.setHeader("Authorization", "Bearer " + shown));
    try {
      HttpResponse<InputStream> response =
          client.send(
              request.timeout(timeout.plus(GRACE)).build(),
              HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() == 200) {
          taker.take(body);
          return Optional.empty();
        }
        JsonNode problem = parse(response, body.readAllBytes());
        return Optional.of(problem(node, response.statusCode(), problem));
      }
    } catch (InterruptedException e) {
      throw new CancelledException(e);
    }
  }

  /**
   * Opens a stream of lines at one node.
   *
   * @param lines gets the lines if the status is 200, and is told when there are no more
   * @return completes when the response is over, with an empty body after such lines
   */
  CompletableFuture<HttpResponse<String>> stream(
      Address node, HttpRequest.Builder request, Flow.Subscriber<String> lines) {
    token.ifPresent(shown -> request.setHeader("Authorization", "Bearer " + shown));
    return client.sendAsync(
        request.build(),
        response ->
            response.statusCode() == 200
                ? BodySubscribers.fromLineSubscriber(lines, ended -> "", UTF_8, null)
                : BodySubscribers.ofString(UTF_8));
  }

  private static String problem(Address node, int status, JsonNode json) {
    String detail = json.path("detail").asText();
    return detail.isEmpty() ? "node " + node.name() + " answered " + status : detail;
  }

  /** The nodes that serve clients, beginning anywhere. */
  List<Address> gatewaysInTurn() {
    if (gateways.isEmpty()) {
      throw new RefusedException(Reason.UNAVAILABLE, names(addresses) + " doesn't serve clients");
    }
    return inTurn();
  }

  /**
   * Asks until a node answers with anything but that it can't serve now.
   *
   * @param request for a node, which is to answer within the time
   * @throws RefusedException if no node has served it in time
   * @throws UnknownOutcomeException if a node may have taken the write and doesn't answer
   */
  Answer askAny(
      boolean isWrite,
      Duration timeout,
      BiFunction<Address, Duration, HttpRequest.Builder> request) {
    long deadline = System.nanoTime() + timeout.toNanos();
    Map<Address, String> troubles = new HashMap<>();
    while (true) {
      int unreachable = 0;
      for (Address node : gatewaysInTurn()) {
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        if (left.toMillis() < 1) {
          throw refused("not served within " + timeout.toMillis() + " ms", troubles);
        }
        // A read may be repeated: a node that doesn't answer leaves time for another.
        Duration limit =
            isWrite || gateways.size() == 1 || left.toMillis() < 2 ? left : left.dividedBy(2);
        try {
          Answer answer = ask(node, request.apply(node, limit), limit);
          if (answer.status() != SERVICE_UNAVAILABLE) {
            return answer;
          }
          troubles.put(node, answer.problem());
        } catch (HttpConnectTimeoutException e) {
          // Nothing was sent. It, or this machine, may only be slow: there is time to try again.
          troubles.put(node, "takes no connection at " + node.url());
        } catch (ConnectException e) {
          unreachable++;
          troubles.put(node, "can't be reached at " + node.url());
        } catch (SSLHandshakeException e) {
          // Nothing was sent.
          unreachable++;
          troubles.put(node, "is not trusted at " + node.url() + ": " + e.getMessage());
        } catch (IOException e) {
          troubles.put(node, trouble(node, e));
          if (isWrite) {
            throw unknown(troubles);
          }
        }
      }
      if (unreachable == gateways.size()) {
        throw refused("no node can be reached", troubles);
      }
      pause();
    }
  }

  /**
   * Has any node do what does no harm if it is done twice.
   *
   * @param target with a query, which the time is added to
   * @return what the node that did it answered
   * @throws RefusedException if none has, with the reason
   */
  JsonNode postAny(String target, Duration timeout) {
    Answer answer =
        askAny(
            false,
            timeout,
            (node, limit) ->
                HttpRequest.newBuilder(
                        node.uri("%s&timeout=%dms".formatted(target, limit.toMillis())))
                    .POST(BodyPublishers.noBody()));
    if (answer.status() != 200) {
      throw new RefusedException(
          answer.status() < 500 ? Reason.INVALID : Reason.UNAVAILABLE, answer.problem());
    }
    return answer.json();
  }

  private static String trouble(Address node, IOException failure) {
    if (failure instanceof HttpTimeoutException) {
      return "no answer";
    }
    return node.tls() ? "broken connection" : "broken connection; a node with TLS needs --ca";
  }

  private RefusedException refused(String what, Map<Address, String> troubles) {
    return new RefusedException(Reason.UNAVAILABLE, what + " (" + text(troubles) + ")");
  }

  private UnknownOutcomeException unknown(Map<Address, String> troubles) {
    return new UnknownOutcomeException(
        "the write may or may not be applied (" + text(troubles) + ")");
  }

  private String text(Map<Address, String> troubles) {
    return gateways.stream()
        .filter(troubles::containsKey)
        .map(node -> node.name() + ": " + troubles.get(node))
        .collect(Collectors.joining("; "));
  }

  private static String names(List<Address> nodes) {
    return nodes.stream().map(Address::name).collect(Collectors.joining(", "));
  }

  private List<Address> inTurn() {
    int first = ThreadLocalRandom.current().nextInt(gateways.size());
    List<Address> order = new ArrayList<>(gateways.subList(first, gateways.size()));
    order.addAll(gateways.subList(0, first));
    return order;
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    } catch (InterruptedException e) {
      throw new CancelledException(e);
    }
  }

  /** The body as JSON; a missing node if it is none. */
  private JsonNode parse(HttpResponse<?> response, byte[] body) {
    String type = response.headers().firstValue("Content-Type").orElse("");
    if (!type.contains("json")) {
      return MissingNode.getInstance();
    }
    try {
      return json.readTree(body);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
