package synod.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import synod.cli.LocalCluster;
import synod.cli.LocalNode;
import synod.cli.NodeLauncher;
import synod.cli.Ports;

/** The live page of a node that asks for tokens, with each of their permissions. */
@Timeout(120)
class LivePageTokensTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String READ = "read-0123456789abcdef";
  private static final String WRITE = "write-0123456789abcdef";
  private static final String CHAOS = "chaos-0123456789abcdef";

  @TempDir private static Path directory;
  private static LocalNode node;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    Assumptions.assumeTrue(Browser.isInstalled(), "no Chromium");
    Path tokens = directory.resolve("tokens");
    Files.writeString(tokens, "read %s%nwrite %s%nchaos %s%n".formatted(READ, WRITE, CHAOS));
    Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
    node =
        LocalCluster.create(
                directory.resolve("c"),
                Ports.free(1),
                "synod.security.tokens-file = \"" + tokens + "\"\n",
                NodeLauncher.BESIDE_OTHERS)
            .node("n1");
    node.start();
    browser = new Browser(directory.resolve("profile"), 1280, 900);
    awaitReady();
  }

  private static void awaitReady() throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest health = HttpRequest.newBuilder(URI.create(node.url() + "/health/ready")).build();
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (true) {
      try {
        if (client.send(health, BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        assertThat(node.isAlive()).as("the node runs").isTrue();
      }
      assertThat(System.nanoTime()).as("ready by now").isLessThan(deadline);
      java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
    }
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    if (node != null) {
      node.kill();
    }
  }

  @Test
  void withoutATokenItAsksForOneAndShowsNothing() {
    open();
    browser.await("connection", "no access: this node asks for a token", PATIENCE);
    assertThat(browser.id("token").isDisplayed()).isTrue();
    assertThat(browser.driver().findElements(By.cssSelector("#keys tbody tr, .role"))).isEmpty();
  }

  @Test
  void anUnknownTokenIsRefusedAndAnotherMayBeGiven() {
    open();
    give("wrong-0123456789abcdef");
    browser.await("connection", "no access: this node doesn't know the token", PATIENCE);
    browser.await("!document.getElementById('token-form').hidden", PATIENCE);
    give(READ);
    browser.await("connection", "live", PATIENCE);
  }

  @Test
  void aReadersTokenShowsEverythingAndChangesNothing() {
    open();
    give(READ);
    browser.await("summary", "n1 leads", PATIENCE);
    put("reader", "no");
    browser.await("put-note", "Not put: .*permission write", PATIENCE);
    browser.driver().findElement(By.cssSelector("#put-dialog [value=cancel]")).click();
    stopLearner();
    browser.await("order-answer", "permission chaos", PATIENCE);
    // A right that is missing is no reason to ask for another token.
    assertThat(browser.id("token-form").isDisplayed()).isFalse();
  }

  @Test
  void aWritersTokenPutsAndStopsNothing() {
    open();
    give(WRITE);
    browser.await("summary", "n1 leads", PATIENCE);
    put("writer", "yes");
    browser.await("keys-note", "Put at revision", PATIENCE);
    browser.await("keys", "writer", PATIENCE);
    stopLearner();
    browser.await("order-answer", "permission chaos", PATIENCE);
  }

  @Test
  void aTokenForChaosStopsRoles() {
    open();
    give(CHAOS);
    browser.await("summary", "n1 leads", PATIENCE);
    stopLearner();
    browser.await("order-answer", "the learner of n1 is stopped", PATIENCE);
    browser.await("document.querySelectorAll('.role[data-state=up]').length === 4", PATIENCE);
  }

  @Test
  void theTokenIsKeptForTheTabAlone() {
    open();
    give(READ);
    browser.await("connection", "live", PATIENCE);
    browser.driver().navigate().refresh();
    browser.await("connection", "live", PATIENCE);
    Object elsewhere =
        browser.driver().executeScript("return localStorage.length + document.cookie.length");
    assertThat(elsewhere).isEqualTo(0L);
    assertThat(browser.id("token").getAttribute("value")).isEmpty();
  }

  /** As a tab that has no token yet. */
  private static void open() {
    browser.driver().get(node.url() + "/");
    browser.driver().executeScript("sessionStorage.clear()");
    browser.driver().navigate().refresh();
    browser.await("!document.getElementById('token-form').hidden", PATIENCE);
  }

  private static void give(String token) {
    browser.id("token").sendKeys(token);
    browser.driver().findElement(By.cssSelector("#token-form button")).click();
  }

  private static void put(String key, String value) {
    browser.id("put-open").click();
    browser.id("put-key").sendKeys(key);
    browser.id("put-value").sendKeys(value);
    browser.id("put-save").click();
  }

  private static void stopLearner() {
    browser.await("document.querySelectorAll('.role[data-state=up]').length === 4", PATIENCE);
    browser.driver().findElement(By.cssSelector("[aria-label^='learner of n1']")).click();
    browser.id("downtime").clear();
    browser.id("downtime").sendKeys("500ms");
    browser.driver().findElement(By.cssSelector("#stop-dialog [value=stop]")).click();
  }
}
