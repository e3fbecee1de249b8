package synod.page;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import synod.cli.LocalCluster;
import synod.cli.LocalNode;
import synod.cli.NodeLauncher;
import synod.cli.Ports;

/**
 * Takes the pictures of docs/images from the real page of clusters of five processes, by doing what
 * docs/tutorial.md tells to do. Usage: Screenshots WORK DIRECTORY
 */
public final class Screenshots {
  /** All nodes that are heard are shown to have applied the same. */
  private static final String PROGRESS_TOLD =
      """
      new Set(
        [...document.querySelectorAll('#nodes tbody tr:last-child > *')]
          .slice(1)
          .filter((cell, i) =>
            document.querySelectorAll('#nodes thead th')[i + 1].dataset.contact === 'heard')
          .map((cell) => cell.textContent)).size === 1
      """;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration START_PATIENCE = Duration.ofSeconds(100);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** Nearly equal, so that several candidates start at once. */
  private static final String DUEL = "synod.timing.election-timeout-min = 399 ms\n";

  private static final int MOST_DUELS = 20;

  private final Browser browser;
  private final LocalCluster cluster;
  private final Path pictures;

  private Screenshots(Browser browser, LocalCluster cluster, Path pictures) {
    this.browser = browser;
    this.cluster = cluster;
    this.pictures = pictures;
  }

  public static void main(String[] arguments) throws Exception {
    Path work = Path.of(arguments[0]);
    Path pictures = Files.createDirectories(Path.of(arguments[1]));
    try (Browser browser = new Browser(work.resolve("profile"), 1280, 900)) {
      with(browser, work.resolve("usual"), "", pictures, Screenshots::walk);
      with(browser, work.resolve("duel"), DUEL, pictures, Screenshots::duel);
    }
  }

  private interface Scenes {
    void play(Screenshots screenshots) throws Exception;
  }

  private static void with(
      Browser browser, Path directory, String settings, Path pictures, Scenes scenes)
      throws Exception {
    LocalCluster cluster =
        LocalCluster.create(directory, Ports.free(5), settings, NodeLauncher.BESIDE_OTHERS);
    try {
      cluster.start(START_PATIENCE, System.err::println);
      scenes.play(new Screenshots(browser, cluster, pictures));
    } finally {
      cluster.nodes().forEach(LocalNode::kill);
    }
  }

  private void walk() throws Exception {
    open(follower());
    for (String city : List.of("france Paris", "italy Rome", "norway Oslo", "spain Madrid")) {
      String[] words = city.split(" ");
      HTTP.send(put("n1", "/v1/kv/capital/" + words[0], words[1]), BodyHandlers.ofString());
    }
    browser.await("summary", "All 5 acceptors are up", PATIENCE);
    follow();
    take("start", "summary", "strip", 1000, "light");
    take("phase-2", "diagram", "diagram", 1000, "light");

    String first = leader();
    stop(first, "proposer", "5s");
    browser.await(
        "!document.getElementById('summary').textContent.match(/" + first + " leads|No leader/)",
        PATIENCE);
    follow();
    take("phase-1", "diagram", "diagram", 1000, "light");

    browser.await("document.querySelectorAll('.role[data-state=up]').length === 20", PATIENCE);
    String leader = leader();
    List<String> others = names().stream().filter(name -> !name.equals(leader)).toList();
    stop(others.get(0), "acceptor", "60s");
    stop(others.get(2), "acceptor", "60s");
    browser.await("summary", "2 of 5 acceptors are down", PATIENCE);
    follow();
    take("two-down", "summary", "strip", 1280, "dark");
    take("page", 1280, "light");
    take("page-narrow", 390, "light");

    stop(others.get(3), "acceptor", "20s");
    browser.await("summary", "no quorum of 3", PATIENCE);
    CompletableFuture<HttpResponse<String>> waiting =
        HTTP.sendAsync(
            put("n1", "/v1/kv/patience?timeout=60s", "rewarded"), BodyHandlers.ofString());
    take("no-quorum", "summary", "strip", 1000, "light");
    expect(waiting.join());
    browser.await(
        "document.querySelectorAll('.role[data-state=up]').length === 20", START_PATIENCE);

    String cutOff = leader();
    open(follower());
    browser.await("summary", cutOff + " leads", PATIENCE);
    cluster.node(cutOff).pause();
    browser.await("summary", "n. leads .* down .n.", PATIENCE);
    browser.await("document.querySelector('[data-contact=unreachable]')", PATIENCE);
    follow();
    take("cut-off", "summary", "strip", 1000, "light");
    cluster.node(cutOff).resume();
    browser.await("news", cutOff + " steps down", PATIENCE);
    take("cut-off-returns", "timeline", "timeline", 1000, "light");
  }

  private void duel() throws Exception {
    open("n1");
    for (int i = 0; i < MOST_DUELS && !isDuel(); i++) {
      browser.await("summary", "leads .* All 5 acceptors are up", PATIENCE);
      browser.await("document.querySelectorAll('.role[data-state=up]').length === 20", PATIENCE);
      stop(leader(), "proposer", "2s");
      browser.await("document.querySelectorAll('.role[data-state=down]').length === 1", PATIENCE);
      browser.await("summary", "n. leads", PATIENCE);
    }
    take("duel", "timeline", "timeline", 1000, "light");
  }

  /** Whether two candidates were at work at once, later than at the start. */
  private boolean isDuel() {
    Object news =
        browser.driver().executeScript("return document.getElementById('news').textContent");
    return ((String) news)
        .matches("(?s).*prepares ballot (?!1 )(\\d+) from.*prepares ballot \\1 from.*");
  }

  private void open(String node) {
    // Also asks for less motion: what is followed is shown at once.
    browser.colours("light");
    browser.driver().get(cluster.node(node).url() + "/");
    browser.await("connection", "live, from " + node, PATIENCE);
  }

  /** Writes, and shows the message sequence of it. */
  private void follow() {
    browser.driver().executeScript("document.getElementById('motion-note').textContent = ''");
    browser.id("follow").click();
    browser.await("motion-note", "Slot .* steps", PATIENCE);
  }

  private void take(String name, String first, String last, int width, String scheme) {
    show(width, scheme);
    Path file = pictures.resolve(name + ".png");
    browser.screenshot(file, first, last);
    System.out.println(file);
  }

  private void take(String name, int width, String scheme) {
    show(width, scheme);
    Path file = pictures.resolve(name + ".png");
    browser.screenshot(file);
    System.out.println(file);
  }

  /** Higher than any page, and with the mouse outside, under which the log would stand still. */
  private void show(int width, String scheme) {
    browser.colours(scheme);
    browser.size(width, 4500);
    browser.leave();
    // Plots are made anew for other colours and widths, at the next drawing.
    browser.await("document.querySelectorAll('.uplot').length === 2", PATIENCE);
    browser.driver().executeAsyncScript("const done = arguments[0]; setTimeout(done, 600)");
    browser.await("document.querySelectorAll('.uplot').length === 2", PATIENCE);
    // Progress is told once a second, by each node when its second is over.
    browser.await(PROGRESS_TOLD, PATIENCE);
  }

  private String leader() {
    return cluster.leader().orElseThrow().name();
  }

  private String follower() {
    String leader = leader();
    return names().stream().filter(name -> !name.equals(leader)).findFirst().orElseThrow();
  }

  private List<String> names() {
    return cluster.nodes().stream().map(LocalNode::name).toList();
  }

  private void stop(String node, String role, String downtime) throws Exception {
    String body = "{\"role\":\"%s\",\"downtime\":\"%s\"}".formatted(role, downtime);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(cluster.node(node).url() + "/v1/chaos/kill"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    expect(HTTP.send(request, BodyHandlers.ofString()));
  }

  private HttpRequest put(String node, String path, String value) {
    return HttpRequest.newBuilder(URI.create(cluster.node(node).url() + path))
        .PUT(BodyPublishers.ofString(value))
        .build();
  }

  private static void expect(HttpResponse<String> response) {
    if (response.statusCode() >= 300) {
      throw new IllegalStateException(response.uri() + ": " + response.body());
    }
  }
}
