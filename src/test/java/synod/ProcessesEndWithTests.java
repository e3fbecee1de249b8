package synod;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Ends what tests have started when their JVM ends in the middle of them: by Ctrl-C, or with Maven.
 * A test that comes to its end cleans up itself. JUnit finds this class by its name in {@code
 * META-INF/services}.
 */
public final class ProcessesEndWithTests implements BeforeAllCallback {
  private static final AtomicBoolean HOOKED = new AtomicBoolean();

  @Override
  public void beforeAll(ExtensionContext context) {
    if (HOOKED.compareAndSet(false, true)) {
      Runtime.getRuntime().addShutdownHook(new Thread(ProcessesEndWithTests::end));
    }
  }

  private static void end() {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
  }
}
