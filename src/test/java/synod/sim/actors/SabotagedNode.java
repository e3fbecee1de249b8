package synod.sim.actors;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import synod.sim.SimulationFailure;

/**
 * The simulation on a node that makes a deliberate mistake: a class of {@code synod.node} is
 * compiled from its source with some of its words replaced, and loaded, with everything of Synod's,
 * apart from the sound one. So production code carries no switch for it.
 */
final class SabotagedNode extends ClassLoader {
  private static final Path SOURCES = Path.of("src", "main", "java", "synod", "node");

  private final Path classes;
  private final Method run;

  static {
    registerAsParallelCapable();
  }

  /**
   * @param words pairs: what stands in the source, just once, and what is to stand there
   * @param directory an empty one for the class
   */
  SabotagedNode(String className, Path directory, String... words) {
    super("sabotaged", SabotagedNode.class.getClassLoader());
    classes = directory;
    try {
      compile(className, words);
      Thread.currentThread().setContextClassLoader(this);
      run =
          loadClass(ActorSimulation.class.getName())
              .getDeclaredMethod("run", long.class, boolean.class);
      run.setAccessible(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    } finally {
      Thread.currentThread().setContextClassLoader(getParent());
    }
  }

  private void compile(String className, String[] words) throws IOException {
    String source = Files.readString(SOURCES.resolve(className + ".java"));
    for (int i = 0; i < words.length; i += 2) {
      if (source.split(java.util.regex.Pattern.quote(words[i]), -1).length != 2) {
        throw new IllegalStateException(className + " doesn't say just once: " + words[i]);
      }
      source = source.replace(words[i], words[i + 1]);
    }
    Path file = Files.writeString(classes.resolve(className + ".java"), source);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    String classPath = System.getProperty("java.class.path");
    int result =
        compiler.run(
            null,
            null,
            null,
            "-proc:none",
            "-implicit:none",
            "-parameters",
            "-cp",
            classPath,
            "-d",
            classes.toString(),
            file.toString());
    if (result != 0) {
      throw new IllegalStateException(className + " can't be compiled with the mistake");
    }
  }

  /** The rule that a schedule finds broken, if it does. */
  Optional<String> brokenBy(long seed) {
    Thread.currentThread().setContextClassLoader(this);
    try {
      run.invoke(null, seed, false);
      return Optional.empty();
    } catch (InvocationTargetException thrown) {
      Throwable failure = thrown.getCause();
      if (failure.getClass().getName().equals(SimulationFailure.class.getName())) {
        return Optional.of(failure.getMessage());
      }
      throw new IllegalStateException("the simulation failed", failure);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    } finally {
      Thread.currentThread().setContextClassLoader(getParent());
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith("synod.")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    String file = name.replace('.', '/') + ".class";
    Path own = classes.resolve(file);
    try (InputStream from =
        Files.exists(own) ? Files.newInputStream(own) : getParent().getResourceAsStream(file)) {
      if (from == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = from.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
