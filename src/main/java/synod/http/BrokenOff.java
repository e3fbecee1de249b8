package synod.http;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/**
 * Ends a response in its middle: the connection is broken off, so that the client can't take the
 * part for the whole. Whoever throws it has logged why.
 */
final class BrokenOff extends RuntimeException {
  private static final long serialVersionUID = 1;

  BrokenOff() {
    super("broken off", null, false, false);
  }

  /**
   * Keeps from an appender what Akka logs of it, with level ERROR and a stack trace: all has been
   * said.
   */
  public static final class Silence extends Filter<ILoggingEvent> {
    @Override
    public FilterReply decide(ILoggingEvent event) {
      for (IThrowableProxy thrown = event.getThrowableProxy();
          thrown != null;
          thrown = thrown.getCause()) {
        if (thrown.getClassName().equals(BrokenOff.class.getName())) {
          return FilterReply.DENY;
        }
      }
      return FilterReply.NEUTRAL;
    }
  }
}
