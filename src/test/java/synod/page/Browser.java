package synod.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium with a new profile, as Debian installs it. */
final class Browser implements AutoCloseable {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

  private final ChromeDriverService service;
  private final ChromeDriver driver;

  /** Whether there is one on this machine. */
  static boolean isInstalled() {
    return Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
  }

  Browser(Path profile, int width, int height) {
    service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(DRIVER.toFile())
            .usingAnyFreePort()
            .build();
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
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
            java.util.List.of(
                Map.of("name", "prefers-color-scheme", "value", scheme),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
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

  /** The whole page, from top to bottom. */
  void screenshot(Path file) {
    long height = (Long) driver.executeScript("return document.documentElement.scrollHeight");
    long width = (Long) driver.executeScript("return innerWidth");
    size((int) width, (int) height);
    try {
      Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
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
