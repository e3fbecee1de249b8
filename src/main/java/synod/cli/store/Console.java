package synod.cli.store;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.History;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import picocli.CommandLine.ExitCode;

/**
 * The console at a terminal: line editing, history, completion, and colours where the terminal has
 * them. Ctrl-C gives up the command that runs, or the line that is typed; Ctrl-D leaves.
 */
final class Console {
  private static final String PROMPT = "synod> ";

  private final Terminal terminal;
  private final boolean coloured;
  private final Path historyFile;
  private volatile LineReader reader;

  /** The thread that runs a command; null between commands. */
  private Thread running;

  /**
   * @param coloured false to use no colours even if the terminal has some
   * @param historyFile keeps the lines from one time to the next
   */
  Console(Terminal terminal, boolean coloured, Path historyFile) {
    this.terminal = terminal;
    this.coloured = coloured && !terminal.getType().startsWith(Terminal.TYPE_DUMB);
    this.historyFile = historyFile;
  }

  /** Where and how commands print. */
  Streams streams() {
    return new Streams(null, terminal.output(), Streams.Manner.TERMINAL);
  }

  /** Reads and does commands until the person leaves. */
  int run(ConsoleAccess access) {
    LineRunner runner = new LineRunner(access, streams(), this::complain, this::history);
    LineReader lines =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("synod")
            .parser(new LineParser())
            .completer(new ConsoleCompleter(runner.commands(), access))
            .variable(LineReader.HISTORY_FILE, historyFile)
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "     > ")
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
    reader = lines;
    terminal.handle(Signal.INT, signal -> interrupt());
    String prompt = styled(PROMPT, AttributedStyle.BOLD);
    while (!runner.isOver()) {
      try {
        Optional<List<String>> words = Words.of(lines.readLine(prompt));
        words.ifPresent(line -> interruptibly(() -> runner.run(line)));
      } catch (UserInterruptException e) {
        continue;
      } catch (EndOfFileException e) {
        break;
      }
    }
    return ExitCode.OK;
  }

  /** Tells something that nobody asked for; from any thread, at any time. */
  void notice(String text) {
    String shown = styled(text, AttributedStyle.DEFAULT.foreground(AttributedStyle.YELLOW));
    LineReader lines = reader;
    if (lines == null) {
      print(shown);
    } else {
      lines.printAbove(shown);
    }
  }

  private void complain(String text) {
    print(styled(text, AttributedStyle.DEFAULT.foreground(AttributedStyle.RED)));
  }

  private void print(String text) {
    PrintWriter writer = terminal.writer();
    writer.println(text);
    writer.flush();
  }

  private String styled(String text, AttributedStyle style) {
    return coloured ? new AttributedString(text, style).toAnsi(terminal) : text;
  }

  private List<String> history() {
    List<String> lines = new ArrayList<>();
    for (History.Entry entry : reader.getHistory()) {
      lines.add("%4d  %s".formatted(entry.index() + 1, entry.line()));
    }
    return lines;
  }

  private void interruptibly(Runnable command) {
    synchronized (this) {
      running = Thread.currentThread();
    }
    try {
      command.run();
    } finally {
      synchronized (this) {
        running = null;
        // A Ctrl-C that came when the command had just ended must not end the next.
        Thread.interrupted();
      }
    }
  }

  private synchronized void interrupt() {
    if (running != null) {
      // The terminal shows the key as ^C, and doesn't begin a new line.
      print("");
      running.interrupt();
    }
  }

  /** JLine's own, for completion; it is for {@link Words} to say whether a line is complete. */
  private static final class LineParser extends DefaultParser {
    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
      if (context == ParseContext.ACCEPT_LINE && Words.of(line).isEmpty()) {
        throw new EOFError(-1, -1, "the line goes on");
      }
      return super.parse(line, cursor, context);
    }
  }
}
