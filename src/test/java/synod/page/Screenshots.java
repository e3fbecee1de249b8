package synod.page;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Takes the pictures of docs/images from the real page of a running cluster of five nodes with
 * chaos over HTTP switched on. Usage: Screenshots URL DIRECTORY
 */
public final class Screenshots {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private Screenshots() {}

  public static void main(String[] arguments) throws Exception {
    String url = arguments[0];
    Path directory = Files.createDirectories(Path.of(arguments[1]));
    Path profile = Files.createTempDirectory("synod-screenshots");
    try (Browser browser = new Browser(profile, 1280, 900)) {
      browser.colours("light");
      for (String city : List.of("france Paris", "italy Rome", "norway Oslo", "spain Madrid")) {
        String[] words = city.split(" ");
        send("PUT", url + "/v1/kv/capital/" + words[0], words[1]);
      }
      browser.driver().get(url + "/");
      browser.await("summary", "All 5 acceptors are up", PATIENCE);
      browser.id("follow").click();
      browser.await("steps", "is chosen", PATIENCE);
      for (String node : List.of("n1", "n4")) {
        send(
            "POST",
            url + "/v1/chaos/kill?node=" + node,
            "{\"role\":\"acceptor\",\"downtime\":\"20s\"}");
      }
      browser.await("summary", "2 of 5 acceptors are down", PATIENCE);
      browser.id("follow").click();
      browser.await("motion-note", "Slot", PATIENCE);
      take(browser, directory, "two-down", 1280, "dark");
      take(browser, directory, "two-down-narrow", 390, "light");
      send("POST", url + "/v1/chaos/kill?node=n5", "{\"role\":\"acceptor\",\"downtime\":\"9s\"}");
      browser.await("summary", "no quorum of 3", PATIENCE);
      take(browser, directory, "no-quorum", 1280, "light");
    }
  }

  private static void take(Browser browser, Path directory, String name, int width, String scheme) {
    browser.colours(scheme);
    browser.size(width, 900);
    browser.await("document.querySelectorAll('.uplot').length === 2", PATIENCE);
    browser.screenshot(directory.resolve(name + ".png"));
    System.out.println(directory.resolve(name + ".png"));
  }

  private static void send(String method, String url, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() >= 300) {
      throw new IOException(method + " " + url + ": " + response.body());
    }
  }
}
