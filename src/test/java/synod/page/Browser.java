package synod.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A headless Chromium with a new profile, as Debian installs it. Run by root, it would give itself
 * six times as much of the processor as the nodes beside it have (nice -8), so that they lose one
 * another; it is run as for anybody else.
 */
final class Browser implements AutoCloseable {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

  /** Of the page that is shown around its sections, in pixels. */
  private static final long MARGIN = 8;

  private final ChromeDriverService service;
  private final ChromeDriver driver;

  /** Whether there is one on this machine. */
  static boolean isInstalled() {
    return Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
  }

  Browser(Path profile, int width, int height) {
    this(profile, width, height, List.of());
  }

  /**
   * @param wrapper a command that becomes the browser, whose own command is appended to it
   */
  Browser(Path profile, int width, int height, List<String> wrapper) {
    service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(DRIVER.toFile())
            .usingAnyFreePort()
            .build();
    ChromeOptions options = new ChromeOptions();
    options.setBinary(launcher(profile, wrapper).toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--user-data-dir=" + profile);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, java.util.logging.Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    driver = new ChromeDriver(service, options);
    size(width, height);
  }

  /** The driver starts a single file. */
  private static Path launcher(Path profile, List<String> wrapper) {
    String command = String.join(" ", wrapper);
    String script =
        """
        #!/bin/sh
        if [ "$(id -u)" = 0 ]; then
          exec setpriv --bounding-set=-sys_nice --inh-caps=-sys_nice %1$s %2$s "$@"
        fi
        exec %1$s %2$s "$@"
        """
            .formatted(command, CHROMIUM);
    try {
      Path file = Files.createDirectories(profile).resolveSibling(profile.getFileName() + ".sh");
      Files.writeString(file, script);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ChromeDriver driver() {
    return driver;
  }

  /** Of the page itself, also narrower than any window may be. */
  void size(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /**
   * @param scheme light or dark
   */
  void colours(String scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", scheme),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  /** Moves the mouse to the corner, where there is nothing. */
  void leave() {
    driver.executeCdpCommand(
        "Input.dispatchMouseEvent", Map.of("type", "mouseMoved", "x", 0, "y", 0));
  }

  WebElement id(String id) {
    return driver.findElement(By.id(id));
  }

  String text(String id) {
    return id(id).getText();
  }

  /** Waits until the element's text matches. */
  void await(String id, String regex, Duration patience) {
    await("document.getElementById('" + id + "').textContent.match(/" + regex + "/)", patience);
  }

  /** Waits until an expression is true. */
  void await(String expression, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!Boolean.TRUE.equals(driver.executeScript("return !!(" + expression + ")"))) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain for " + expression + "; the page shows " + page());
      }
      java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
    }
  }

  private String page() {
    return driver.findElement(By.tagName("body")).getText();
  }

  /**
   * The sections of the page from the one that holds the first element to the one that holds the
   * last. The window must be at least as high as the page.
   */
  void screenshot(Path file, String first, String last) {
    String edge = "return document.getElementById('%s').closest('section').getBoundingClientRect()";
    long top = edge(edge.formatted(first) + ".top");
    long bottom = edge(edge.formatted(last) + ".bottom");
    capture(file, Math.max(0, top - MARGIN), bottom + MARGIN);
  }

  /** The whole page, from top to bottom, if the window is as high. */
  void screenshot(Path file) {
    capture(file, 0, edge("return document.documentElement.getBoundingClientRect().height"));
  }

  /** In pixels from the top of the page, all of which is shown. */
  private long edge(String script) {
    return ((Number) driver.executeScript(script)).longValue();
  }

  private void capture(Path file, long top, long bottom) {
    Object width = driver.executeScript("return innerWidth");
    Map<String, Object> picture =
        driver.executeCdpCommand(
            "Page.captureScreenshot",
            Map.of(
                "clip",
                Map.of("x", 0, "y", top, "width", width, "height", bottom - top, "scale", 1)));
    try {
      Files.write(file, Base64.getDecoder().decode((String) picture.get("data")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
    service.stop();
  }
}
