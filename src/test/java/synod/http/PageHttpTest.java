package synod.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The live page's files, what they may do, and which pages may speak to a node. */
class PageHttpTest {
  private static final Pattern NAMED = Pattern.compile("(?:from '\\./|/page/)([A-Za-z.]+)");

  private final ServerFixture server = new ServerFixture();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void everyFileThatThePageNamesIsServedUnderAStrictPolicy() {
    ServerFixture.Answer page = server.get("/");
    assertThat(page.header("Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self';", "connect-src 'self' ", ":8082")
        .doesNotContain("unsafe");
    String all = page.text() + server.get("/page/main.js").text();
    assertThat(page.text()).doesNotContain("style=", "onclick").containsOnlyOnce("<script");
    assertThat(NAMED.matcher(all).results().map(MatchResult::group).count()).isGreaterThan(10);
    NAMED
        .matcher(all)
        .results()
        .map(found -> found.group(1))
        .forEach(name -> assertThat(server.get("/page/" + name).status()).as(name).isEqualTo(200));
  }

  @Test
  void nothingElseOnTheClassPathIsServed() {
    assertThat(server.get("/page/application.conf").status()).isEqualTo(404);
    assertThat(server.get("/page/..%2F..%2Fapplication.conf").status()).isEqualTo(404);
  }

  @Test
  void requestsOfOtherSitesArentLetIn() {
    assertThat(preflight("/v1/kv/a").status()).isEqualTo(405);
    assertThat(server.get("/v1/status").header("Access-Control-Allow-Origin")).isNull();
  }

  private ServerFixture.Answer preflight(String target) {
    return server.send("OPTIONS", target, "");
  }
}
