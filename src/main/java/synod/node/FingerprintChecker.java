package synod.node;

import akka.cluster.ConfigValidation;
import akka.cluster.Invalid;
import akka.cluster.JoinConfigCompatChecker;
import akka.cluster.Valid$;
import com.typesafe.config.Config;
import java.util.List;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Refuses, when a node joins the Akka cluster, one whose cluster name, acceptors, quorums or
 * formats differ. Called by Akka on both sides; named in {@code application.conf}. A node that
 * never gets to join is not seen here: the protocol's messages carry the fingerprint too.
 */
public final class FingerprintChecker extends JoinConfigCompatChecker {
  @Override
  public Seq<String> requiredKeys() {
    return seq(ConfigReader.FINGERPRINT);
  }

  @Override
  public ConfigValidation check(Config other, Config own) {
    String theirs = fingerprint(other);
    String ours = fingerprint(own);
    if (theirs.equals(ours)) {
      return Valid$.MODULE$;
    }
    return new Invalid(
        seq(
            "synod.cluster differs in name, acceptors, quorum or format (fingerprint "
                + theirs
                + ", here "
                + ours
                + ")"));
  }

  private static String fingerprint(Config config) {
    return config.hasPath(ConfigReader.FINGERPRINT)
        ? config.getString(ConfigReader.FINGERPRINT)
        : "none";
  }

  private static Seq<String> seq(String element) {
    return CollectionConverters.asScala(List.of(element)).toSeq();
  }
}
