package synod.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import synod.cli.LocalCluster;
import synod.cli.LocalNode;
import synod.cli.NodeLauncher;
import synod.cli.Ports;

/** The live page in a real browser, served by a cluster of real processes. */
@Timeout(120)
@TestMethodOrder(MethodOrderer.Random.class)
class LivePageTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private static Path directory;
  private static LocalCluster cluster;
  private static Browser browser;

  @BeforeAll
  static void start() {
    if (!Browser.isInstalled()) {
      System.err.println(
          "\n*** THE LIVE PAGE IS NOT TESTED: there is no Chromium (apt install chromium chromium-driver) ***\n");
    }
    Assumptions.assumeTrue(Browser.isInstalled(), "no Chromium");
    cluster =
        LocalCluster.create(directory.resolve("c"), Ports.free(3), "", NodeLauncher.BESIDE_OTHERS);
    cluster.start(Duration.ofSeconds(100), System.out::println);
    browser = new Browser(directory.resolve("profile"), 1280, 900);
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    if (cluster != null) {
      cluster.nodes().forEach(LocalNode::kill);
    }
  }

  @Test
  void itLoadsWithoutErrorsAndSaysWhoLeadsAndWhyItServes() {
    open("n1");
    browser.await(
        "summary",
        "n[123] leads at ballot \\d+\\. All 3 acceptors are up; any 2 of them are a quorum\\.",
        PATIENCE);
    List<LogEntry> log = browser.driver().manage().logs().get(LogType.BROWSER).getAll();
    assertThat(log).noneMatch(entry -> entry.getLevel().intValue() >= 1000 && !isOfAnOutage(entry));
  }

  @Test
  void itShowsAStoppedAcceptorWithinASecondAndItsReturn() throws Exception {
    open("n1");
    send("POST", "n3", "/v1/chaos/kill", "{\"role\":\"acceptor\",\"downtime\":\"3s\"}");
    browser.await(role("n3", "acceptor") + ".includes('stopped, back in')", Duration.ofSeconds(1));
    browser.await("summary", "1 of 3 acceptors is down .n3.; .* writes go on", PATIENCE);
    browser.await(role("n3", "acceptor") + " === 'up'", PATIENCE);
  }

  @Test
  void aRoleOfAnyNodeIsStoppedFromThePage() {
    open("n2");
    browser.driver().findElement(By.cssSelector("[aria-label^='learner of n3']")).click();
    browser.id("downtime").clear();
    browser.id("downtime").sendKeys("1s");
    browser.driver().findElement(By.cssSelector("#stop-dialog [value=stop]")).click();
    browser.await("order-answer", "the learner of n3 is stopped for 1000 ms", PATIENCE);
    browser.await(role("n3", "learner") + " === 'up'", PATIENCE);
  }

  @Test
  void theChaosDialogShowsTheScheduleThatRuns() throws Exception {
    open("n1");
    String schedule =
        "{\"roles\":[\"gateway\"],\"meanTimeBetweenFailures\":\"600s\",\"downtimeMin\":\"7ms\",\"downtimeMax\":\"9ms\"}";
    send("PUT", "n2", "/v1/chaos", schedule);
    try {
      browser.id("chaos-open").click();
      browser.await("chaos-now", "Now at n2: gateway, each every 600s for 7ms to 9ms", PATIENCE);
      assertThat(browser.text("chaos-now")).contains("Now at n1 and n3: off.");
      assertThat(browser.id("down-min").getAttribute("value")).isEqualTo("7ms");
      assertThat(checkedRoles()).isEqualTo("gateway");
      browser.driver().findElement(By.cssSelector("#chaos-dialog [value=off]")).click();
      browser.await("order-answer", "n2", PATIENCE);
      browser.id("chaos-open").click();
      browser.await("chaos-now", "Now at all nodes: off", PATIENCE);
      browser.driver().findElement(By.cssSelector("#chaos-dialog [value=cancel]")).click();
    } finally {
      send("PUT", "n2", "/v1/chaos", "{\"roles\":[]}");
    }
  }

  private static Object checkedRoles() {
    return browser
        .driver()
        .executeScript(
            "return [...document.querySelectorAll('#chaos-dialog [name=role]:checked')].map(box => box.value).join()");
  }

  @Test
  void whatIsPutInThePageIsReadThroughAnotherNodeAndItsMarkupStaysText() throws Exception {
    open("n1");
    String key = "<img src=x onerror=alert(1)>";
    browser.id("put-open").click();
    browser.id("put-key").sendKeys(key);
    browser.id("put-value").sendKeys("<b>bold</b> & \"quoted\"");
    browser.id("put-save").click();
    browser.await("keys-note", "Put at revision", PATIENCE);

    String read = get("n3", "/v1/kv/%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E");
    assertThat(read).isEqualTo("<b>bold</b> & \"quoted\"");
    browser.await("keys", "<b>bold<.b> & \"quoted\"", PATIENCE);
    // The table follows the store while somebody sees it.
    browser.driver().executeScript("document.getElementById('keys').scrollIntoView()");
    send(
        HttpRequest.newBuilder(URI.create(cluster.node("n2").url() + "/v1/kv/elsewhere"))
            .PUT(HttpRequest.BodyPublishers.ofString("seen")));
    browser.await("keys", "elsewhere *seen", PATIENCE);
    assertThat(browser.driver().findElements(By.cssSelector("#keys img, #keys b, main img")))
        .isEmpty();
    // It also stands in the log.
    browser.await("document.querySelectorAll('.slot').length > 0", PATIENCE);
  }

  @Test
  void aWriteIsFollowedToEveryLearner() {
    open("n1");
    browser.id("follow").click();
    browser.await("steps", "is chosen[^]*applies it[^]*applies it", PATIENCE);
  }

  @Test
  void itGoesOnWhenTheNodeBehindItIsKilled() {
    open("n1");
    LocalNode first = cluster.node("n1");
    first.kill();
    try {
      browser.await("connection", "live, from n[23]", PATIENCE);
      browser.await("summary", "1 of 3 acceptors is down .n1.; .* writes go on", PATIENCE);
      browser.id("follow").click();
      browser.await("steps", "is chosen", PATIENCE);
    } finally {
      first.start();
      cluster.awaitServing(List.of(first), Duration.ofSeconds(60), System.out::println);
    }
    browser.await(role("n1", "acceptor") + " === 'up'", PATIENCE);
  }

  @Test
  void itGoesOnWhenTheNodeBehindItIsFrozen() {
    open("n2");
    LocalNode behind = cluster.node("n2");
    behind.pause();
    try {
      browser.await("connection", "live, from n[13]", PATIENCE);
      browser.await("summary", "1 of 3 acceptors is down .n2.; .* writes go on", PATIENCE);
    } finally {
      behind.resume();
    }
    browser.await(role("n2", "acceptor") + " === 'up'", PATIENCE);
  }

  @Test
  void whatNobodySeesLetsGoOfItsStreamAndGoesOnWhereItWas() throws Exception {
    open("n1");
    see(false);
    browser.await(
        "performance.getEntriesByType('resource').some(one => one.name.endsWith('/v1/events'))",
        PATIENCE);
    send("POST", "n3", "/v1/chaos/kill", "{\"role\":\"acceptor\",\"downtime\":\"2s\"}");
    see(true);
    browser.await("connection", "live, from n1", PATIENCE);
    browser.await("news", "acceptor of n3 stopped", PATIENCE);
    browser.await(role("n3", "acceptor") + " === 'up'", PATIENCE);
  }

  /** What the browser says when its tab comes to the front, or goes behind another one. */
  private static void see(boolean seen) {
    browser
        .driver()
        .executeScript(
            "Object.defineProperty(document, 'hidden', { configurable: true, value: "
                + !seen
                + " }); document.dispatchEvent(new Event('visibilitychange'))");
  }

  @Test
  void everybodyCanUseItInLightAndDarkOnWideAndNarrowScreens() throws Exception {
    open("n1");
    for (String scheme : List.of("light", "dark")) {
      for (int width : new int[] {1280, 390}) {
        browser.colours(scheme);
        browser.size(width, 900);
        Object violations = browser.driver().executeAsyncScript(axe() + RUN_AXE);
        assertThat(violations).asString().as(scheme + " at " + width).isEqualTo("[]");
        Object overflow =
            browser
                .driver()
                .executeScript("return document.documentElement.scrollWidth > innerWidth");
        assertThat(overflow).as("wider than the screen at " + width).isEqualTo(false);
      }
    }
    browser.size(1280, 900);
  }

  private static final String RUN_AXE =
      """
      ;const done = arguments[0];
      axe.run(document).then(found => done(JSON.stringify(found.violations.map(one =>
          one.id + ': ' + one.nodes.map(node => node.target + ' ' + node.failureSummary).join('; ')))));
      """;

  private static String axe() throws IOException {
    try (InputStream script = LivePageTest.class.getResourceAsStream("/axe.min.js")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** A refused connection is logged by the browser itself, in any page that tries one. */
  private static boolean isOfAnOutage(LogEntry entry) {
    return Stream.of("ERR_CONNECTION", "ERR_INCOMPLETE", "ERR_EMPTY")
        .anyMatch(entry.getMessage()::contains);
  }

  private static void open(String node) {
    browser.driver().get(cluster.node(node).url() + "/");
    browser.await("connection", "live, from " + node, PATIENCE);
    browser.await("summary", "All 3 acceptors are up", PATIENCE);
    browser.await("document.querySelectorAll('.role[data-state=up]').length === 12", PATIENCE);
  }

  private static String role(String node, String role) {
    return "document.querySelector(\"[aria-label^='" + role + " of " + node + "']\").textContent";
  }

  private static String get(String node, String path) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(cluster.node(node).url() + path)));
  }

  private static void send(String method, String node, String path, String json) throws Exception {
    send(
        HttpRequest.newBuilder(URI.create(cluster.node(node).url() + path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(json)));
  }

  private static String send(HttpRequest.Builder request) throws Exception {
    return HttpClient.newHttpClient()
        .send(request.build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
