package synod.http;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.RequestEntity;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Bodies stay within their bounds: each one, all together, and in time. */
class BodiesTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(ConfigFactory.parseString("akka.actor.provider = local"));

  private final Bodies bodies = new Bodies(KIT.system(), 1000, Duration.ofMillis(200));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void bodiesThatAreHeldTogetherAreBounded() throws Exception {
    CompletableFuture<HttpResponse> never = new CompletableFuture<>();
    CompletableFuture<HttpResponse> first = read(whole(600), never);

    assertThat(problem(read(whole(600), done()))).isEqualTo(Problem.Type.OVERLOADED);
    assertThat(problem(read(inChunks(100, 6), done()))).isEqualTo(Problem.Type.OVERLOADED);
    assertThat(read(inChunks(100, 4), done()).get().status().intValue()).isEqualTo(200);

    never.complete(HttpResponse.create());
    first.get();
    assertThat(read(inChunks(100, 10), done()).get().status().intValue()).isEqualTo(200);
    never.join();
    assertThat(read(whole(1000), done()).get().status().intValue()).isEqualTo(200);
  }

  @Test
  void aBodyThatIsTooLargeIsNotHeld() throws Exception {
    Bodies small = new Bodies(KIT.system(), 10_000_000, Duration.ofSeconds(10));
    CompletableFuture<HttpResponse> answer =
        small.read(request(inChunks(1000, 5000)), 1500, "it", body -> done()).toCompletableFuture();

    assertThat(problem(answer)).isEqualTo(Problem.Type.TOO_LARGE);
  }

  @Test
  void aBodyThatDoesNotComeIsNotWaitedFor() throws Exception {
    RequestEntity stuck =
        HttpEntities.create(
            ContentTypes.APPLICATION_OCTET_STREAM,
            100,
            Source.single(ByteString.fromString("x")).concat(Source.maybe()));

    assertThat(problem(read(stuck, done()))).isEqualTo(Problem.Type.REQUEST_TIMEOUT);
  }

  private CompletableFuture<HttpResponse> read(
      RequestEntity entity, CompletableFuture<HttpResponse> answer) {
    return bodies.read(request(entity), 2000, "it", body -> answer).toCompletableFuture();
  }

  private static HttpRequest request(RequestEntity entity) {
    return HttpRequest.PUT("/").withEntity(entity);
  }

  private static RequestEntity whole(int size) {
    return HttpEntities.create(new byte[size]);
  }

  private static RequestEntity inChunks(int size, int count) {
    ByteString chunk = ByteString.fromArray(new byte[size]);
    return HttpEntities.createChunked(
        ContentTypes.APPLICATION_OCTET_STREAM, Source.repeat(chunk).take(count));
  }

  private static CompletableFuture<HttpResponse> done() {
    return CompletableFuture.completedFuture(HttpResponse.create());
  }

  private static Problem.Type problem(CompletableFuture<HttpResponse> answer) throws Exception {
    try {
      throw new AssertionError("answered " + answer.get(10, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return ((Problem) e.getCause()).type();
    }
  }
}
