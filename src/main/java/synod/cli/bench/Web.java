package synod.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalDouble;
import synod.cli.CommandFailedException;

/** What servers are asked beside the load. May be used by any thread; blocks for a few seconds. */
final class Web {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int OK = 200;
  private static final int REASON_BYTES = 500;

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  /**
   * @throws IOException if there is no answer, or not the one that was asked for
   */
  String get(String url) throws IOException {
    return send(HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build());
  }

  JsonNode json(String url) throws IOException {
    return json.readTree(get(url));
  }

  void post(String url, JsonNode body) throws IOException {
    send(
        HttpRequest.newBuilder(URI.create(url))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
            .build());
  }

  /**
   * Asks for something long, and hangs up when the answer begins.
   *
   * @return how long it would have been, in bytes
   */
  long begin(String url, Duration patience) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(patience).build();
    HttpResponse<InputStream> answer = answer(request, BodyHandlers.ofInputStream());
    try (InputStream body = answer.body()) {
      if (!isSuccess(answer)) {
        throw refused(answer, new String(body.readNBytes(REASON_BYTES), StandardCharsets.UTF_8));
      }
      return answer.headers().firstValueAsLong("Content-Length").orElse(0);
    }
  }

  private String send(HttpRequest request) throws IOException {
    HttpResponse<String> answer = answer(request, BodyHandlers.ofString());
    if (!isSuccess(answer)) {
      throw refused(answer, answer.body());
    }
    return answer.body();
  }

  private <T> HttpResponse<T> answer(HttpRequest request, HttpResponse.BodyHandler<T> body)
      throws IOException {
    try {
      return client.send(request, body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("interrupted", e);
    }
  }

  private static boolean isSuccess(HttpResponse<?> answer) {
    return answer.statusCode() / 100 == OK / 100;
  }

  private static IOException refused(HttpResponse<?> answer, String reason) {
    return new IOException(
        (answer.uri() + " answered " + answer.statusCode() + " " + reason.strip()).strip());
  }

  /**
   * The sum of all values of a metric in Prometheus's text format; empty if there are none.
   *
   * @param beginning of their lines: the metric's name, and a brace and labels where it has any
   */
  static OptionalDouble sum(String scraped, String beginning) {
    return scraped
        .lines()
        .filter(line -> line.startsWith(beginning))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .reduce(Double::sum);
  }

  /**
   * The value of a counter without labels in Prometheus's text format.
   *
   * @throws IOException if it isn't there
   */
  static long metric(String scraped, String name) throws IOException {
    return (long)
        scraped
            .lines()
            .filter(line -> line.startsWith(name + " "))
            .mapToDouble(line -> Double.parseDouble(line.substring(name.length()).strip()))
            .findFirst()
            .orElseThrow(() -> new IOException("there is no metric " + name));
  }
}
