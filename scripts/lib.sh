# Sourced by the other scripts: finds the repository, Java and Maven, builds what is missing or older than its sources
# (one build at a time, however many scripts start at once), and runs Synod. Uses bash; changes no directory of the caller.
#
#   ensure_built                    build target/synod.jar and target/lib if they are not up to date
#   ensure_archive                  make the class data archive for fast starts if it is older than the build
#   run_synod JVM_FLAGS... -- ARGS  build if needed, then become `java JVM_FLAGS -jar synod.jar ARGS`
#   run_test_tool CLASS ARGS...     build the tests too if needed, then become `java CLASS ARGS`
#   show_help FILE                  print the comment that FILE opens with
#
# Environment: JAVA_HOME (else the java on the PATH), SYNOD_JAVA_OPTS (more JVM flags, separated by spaces),
# SYNOD_BUILD=never (take the jar as it is). In an unpacked package, where synod.jar lies beside scripts/, nothing is ever built.

SYNOD_ROOT="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd -P)"
SYNOD_BUILT="$SYNOD_ROOT/target"
if [[ -f "$SYNOD_ROOT/synod.jar" ]]; then
  SYNOD_BUILT="$SYNOD_ROOT"
  SYNOD_BUILD=never
fi
SYNOD_JAR="$SYNOD_BUILT/synod.jar"
# Dated at the start of the last build that succeeded: what changed while it ran is built again.
SYNOD_STAMP="$SYNOD_ROOT/target/synod.built"
SYNOD_TESTS_STAMP="$SYNOD_ROOT/target/synod.tests-built"
# The classes of a node as the JVM wants them in memory: with them it starts in half the time. A JVM that they don't fit starts without.
SYNOD_ARCHIVE="$SYNOD_BUILT/synod.jsa"

# A short command is over before an optimizing compiler would pay.
SHORT_JVM_FLAGS=(-Xms16m -Xmx128m -Xss512k -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto
  -XX:-UsePerfData '-Xlog:cds*=off' -Dsynod.log.target=System.err -Dsynod.log.level=WARN)
# A load generator has to be as fast as what it measures.
BENCH_JVM_FLAGS=(-Xms256m -Xmx1g -XX:+UseSerialGC -Xshare:auto -XX:-UsePerfData '-Xlog:cds*=off' -Dsynod.log.target=System.err
  -Dsynod.log.level=WARN)
mapfile -t NODE_JVM_FLAGS < <(grep '^-' "$SYNOD_ROOT/scripts/node.jvmopts")
# With an arena for every few threads, as is usual, what RocksDB has freed stays scattered over all of them: under load a node took 300 MiB
# after two and a half minutes and went on growing, with two arenas 265 MiB.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"

say() { printf 'synod: %s\n' "$*" >&2; }
die() { say "$@"; exit 1; }

# The opening comment of a script is its help: from the line after the shebang to the first that is no comment.
show_help() { sed -n -e '1d' -e '/^#/!q' -e 's/^# \{0,1\}//p' "$1"; }

# Sets JAVA and JAVA_MAJOR, and JAVA_HOME so that Maven uses the same JDK. Asks the JDK's release file rather than starting a
# JVM only for its version.
find_java() {
  local found version=
  if [[ -n "${JAVA_HOME:-}" ]]; then
    found="$JAVA_HOME/bin/java"
    [[ -x "$found" ]] || die "JAVA_HOME is $JAVA_HOME, but there is no bin/java in it"
  else
    found="$(command -v java)" || die "java is not installed: install a JDK, 17 or newer (Debian: apt install openjdk-17-jdk-headless)"
  fi
  JAVA="$(readlink -f "$found")"
  local home="${JAVA%/bin/java}"
  if [[ -r "$home/release" ]]; then
    version="$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$home/release")"
  fi
  [[ -n "$version" ]] || version="$("$JAVA" -version 2>&1 | sed -n '1s/.*"\(.*\)".*/\1/p')"
  JAVA_MAJOR="${version%%[!0-9]*}"
  if [[ -z "$JAVA_MAJOR" || "$JAVA_MAJOR" -lt 17 ]]; then
    die "$JAVA is version ${version:-unknown}: install a JDK, 17 or newer (Debian: apt install openjdk-17-jdk-headless)"
  fi
  export JAVA_HOME="$home"
}

# What a build needs more than a run: Maven and a compiler.
find_build_tools() {
  command -v mvn >/dev/null || die "mvn is not installed: install Maven, 3.8 or newer (Debian: apt install maven)"
  [[ -x "$JAVA_HOME/bin/javac" ]] ||
    die "$JAVA_HOME has no compiler: install a JDK, 17 or newer (Debian: apt install openjdk-17-jdk-headless)"
}

# True if a build would change nothing. Directories count too: a deleted file shows in the date of its directory.
is_built() {
  [[ -f "$SYNOD_JAR" && -f "$SYNOD_STAMP" ]] || return 1
  [[ -z "$(find "$SYNOD_ROOT"/{pom.xml,application.conf,cluster.conf,LICENSE,NOTICE,scripts/node.jvmopts,src/main} \
    -newer "$SYNOD_STAMP" -print -quit)" ]]
}

# Runs a command while no other script builds in this tree; the lock is the root directory itself, and ends with the
# command however that ends.
with_build_lock() {
  (
    if command -v flock >/dev/null && ! flock -n 9; then
      say "waiting for another build to finish"
      flock 9
    fi
    "$@"
  ) 9<"$SYNOD_ROOT"
}

# maven_build MAVEN_ARGUMENTS...: a build that goes as far as the package; notes that it is up to date.
maven_build() {
  local started
  mkdir -p "$SYNOD_ROOT/target"
  started="$(mktemp "$SYNOD_ROOT/target/synod.built.XXXXXX")"
  if ! mvn -B -ntp -f "$SYNOD_ROOT/pom.xml" "$@" 9<&-; then
    rm -f "$started"
    return 1
  fi
  mv -f "$started" "$SYNOD_STAMP"
}

build_if_needed() {
  if is_built; then return 0; fi
  say "building (the first time this downloads the libraries)"
  maven_build -q -Dstyle.color=never package -Dmaven.test.skip=true -Dassembly.skipAssembly=true >&2 || die "the build failed; see the messages above"
  say "built"
}

# Calls find_java itself.
ensure_built() {
  find_java
  if [[ "${SYNOD_BUILD:-}" == never ]]; then
    [[ -f "$SYNOD_JAR" ]] || die "$SYNOD_JAR is not there, and SYNOD_BUILD=never forbids to build it"
    return 0
  fi
  if is_built; then return 0; fi
  find_build_tools
  with_build_lock build_if_needed || exit 1
}

# Flags that only newer JVMs know: Akka uses sun.misc.Unsafe, which JDK 24 and newer report at every start unless told that it is known.
version_flags() {
  if [[ "$JAVA_MAJOR" -ge 24 ]]; then echo --sun-misc-unsafe-memory-access=allow; fi
}

make_archive_if_needed() {
  if [[ "$SYNOD_ARCHIVE" -nt "$SYNOD_JAR" ]]; then return 0; fi
  say "preparing for fast starts"
  rm -f "$SYNOD_ARCHIVE"
  local flags
  mapfile -t flags < <(version_flags)
  if ! "$JAVA" "${NODE_JVM_FLAGS[@]}" ${flags[@]+"${flags[@]}"} -XX:ArchiveClassesAtExit="$SYNOD_ARCHIVE" \
    -jar "$SYNOD_JAR" rehearse >"$SYNOD_BUILT/rehearse.log" 2>&1 9<&-; then
    say "nodes will start slower than they could, see $SYNOD_BUILT/rehearse.log"
    # Not again before the next build.
    : >"$SYNOD_ARCHIVE"
  fi
}

# For commands that start nodes.
ensure_archive() {
  ensure_built
  with_build_lock make_archive_if_needed
}

# run_synod JVM_FLAGS... -- ARGS: replaces this shell, so that signals and the exit code are Java's own.
run_synod() {
  local flags=()
  while [[ $# -gt 0 && "$1" != -- ]]; do
    flags+=("$1")
    shift
  done
  shift
  ensure_built
  # What is typed goes to Java as UTF-8, in a locale without letters beyond ASCII too.
  case "${LC_ALL:-${LC_CTYPE:-${LANG:-}}}" in
    *[Uu][Tt][Ff]*) ;;
    *) export LC_ALL=C.UTF-8 ;;
  esac
  mapfile -t -O "${#flags[@]}" flags < <(version_flags)
  if [[ -f "$SYNOD_ARCHIVE" ]]; then flags+=(-XX:SharedArchiveFile="$SYNOD_ARCHIVE"); fi
  # shellcheck disable=SC2206 # split at spaces: that is its format
  local more=(${SYNOD_JAVA_OPTS:-})
  exec "$JAVA" "${flags[@]}" ${more[@]+"${more[@]}"} -jar "$SYNOD_JAR" "$@"
}

build_tests_if_needed() {
  if [[ -f "$SYNOD_TESTS_STAMP" ]] && is_built &&
    [[ -z "$(find "$SYNOD_ROOT"/{pom.xml,src} -newer "$SYNOD_TESTS_STAMP" -print -quit)" ]]; then
    return 0
  fi
  say "building with the tests (the first time this downloads the libraries)"
  maven_build -q -Dstyle.color=never package -DskipTests -Dassembly.skipAssembly=true >&2 || die "the build failed; see the messages above"
  cp -p "$SYNOD_STAMP" "$SYNOD_TESTS_STAMP"
  say "built"
}

# run_test_tool CLASS ARGS...: for tools that live beside the tests since they break the production classes on purpose.
run_test_tool() {
  local flags=()
  find_java
  find_build_tools
  with_build_lock build_tests_if_needed || exit 1
  mapfile -t flags < <(version_flags)
  # shellcheck disable=SC2206 # split at spaces: that is its format
  local more=(${SYNOD_JAVA_OPTS:-})
  exec "$JAVA" -XX:+UseSerialGC -XX:-UsePerfData ${flags[@]+"${flags[@]}"} ${more[@]+"${more[@]}"} \
    -cp "$SYNOD_ROOT/target/test-classes:$SYNOD_JAR:$SYNOD_ROOT/target/lib/*:$SYNOD_ROOT/target/lib-jmh/*" "$@"
}
