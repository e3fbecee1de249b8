package synod.node;

import akka.pki.pem.DERPrivateKeyLoader;
import akka.pki.pem.PEMDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate with its private key, and the one authority whose certificates are trusted, all in
 * PEM files. What {@link #read} lets pass fits together and is valid now. May be used by any
 * thread.
 */
public final class Tls {
  private static final String AKKA = "akka.remote.artery.ssl.";

  /** Between nodes, which are all of one version, nothing older is needed. */
  private static final String BETWEEN_NODES = "TLSv1.3";

  private static final List<String> CIPHERS_BETWEEN_NODES =
      List.of("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256");

  private static final String[] OVER_HTTP = {"TLSv1.3", "TLSv1.2"};

  private final Path certificateFile;
  private final Path keyFile;
  private final Path caFile;
  private final SSLContext context;

  private Tls(Path certificateFile, Path keyFile, Path caFile, SSLContext context) {
    this.certificateFile = certificateFile.toAbsolutePath();
    this.keyFile = keyFile.toAbsolutePath();
    this.caFile = caFile.toAbsolutePath();
    this.context = context;
  }

  /**
   * Reads and checks the files.
   *
   * @param certificate issued by the authority itself, without any in between
   * @param key RSA, in PKCS #1 or PKCS #8, not encrypted; nobody but its user and group may read it
   * @throws IOException if one can't be used; the message names the file and says why
   */
  public static Tls read(Path certificate, Path key, Path ca) throws IOException {
    X509Certificate own = certificate(certificate);
    X509Certificate authority = certificate(ca);
    PrivateKey secret = key(key);
    if (!modulus(own.getPublicKey()).equals(modulus(secret))) {
      throw new IOException(key + ": is not the key of the certificate in " + certificate);
    }
    try {
      own.verify(authority.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new IOException(certificate + ": was not issued by the authority in " + ca, e);
    }
    try {
      KeyStore store = emptyStore();
      char[] none = {};
      store.setKeyEntry("own", secret, none, new Certificate[] {own, authority});
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, none);
      return new Tls(certificate, key, ca, context(keys.getKeyManagers(), authority));
    } catch (GeneralSecurityException e) {
      throw new IOException(certificate + ": can't be used: " + e.getMessage(), e);
    }
  }

  /**
   * For a client over HTTP: trusts this authority alone, and shows no certificate.
   *
   * @throws IOException if the file can't be used; the message names it and says why
   */
  public static SSLContext trusting(Path ca) throws IOException {
    try {
      return context(null, certificate(ca));
    } catch (GeneralSecurityException e) {
      throw new IOException(ca + ": can't be used: " + e.getMessage(), e);
    }
  }

  /**
   * What makes an actor system speak only to those with a certificate of the authority, as client
   * and as server. Akka reads the files, and reads them again after some minutes, and checks that
   * both certificates have a name in common.
   */
  public Map<String, Object> akkaSettings() {
    return Map.of(
        "akka.remote.artery.transport",
        "tls-tcp",
        AKKA + "ssl-engine-provider",
        "akka.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider",
        AKKA + "rotating-keys-engine.cert-file",
        certificateFile.toString(),
        AKKA + "rotating-keys-engine.key-file",
        keyFile.toString(),
        AKKA + "rotating-keys-engine.ca-cert-file",
        caFile.toString(),
        AKKA + "rotating-keys-engine.protocol",
        BETWEEN_NODES,
        AKKA + "rotating-keys-engine.enabled-algorithms",
        CIPHERS_BETWEEN_NODES);
  }

  /** For one connection to the HTTP server, whose clients need no certificate. */
  public SSLEngine httpServerEngine() {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setEnabledProtocols(OVER_HTTP);
    return engine;
  }

  private static X509Certificate certificate(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + ": no such file");
    }
    if (!Files.isReadable(file)) {
      throw new IOException(file + ": can't be read by this user");
    }
    try (InputStream in = Files.newInputStream(file)) {
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      certificate.checkValidity();
      return certificate;
    } catch (CertificateExpiredException | CertificateNotYetValidException e) {
      String how = e instanceof CertificateExpiredException ? "has expired" : "isn't valid yet";
      throw new IOException(file + ": the certificate " + how + " (" + e.getMessage() + ")", e);
    } catch (CertificateException e) {
      throw new IOException(file + ": is no certificate in PEM", e);
    }
  }

  private static PrivateKey key(Path file) throws IOException {
    PrivateKey key = decode(SecretFile.read(file), file);
    if (!(key instanceof RSAKey)) {
      throw new IOException(file + ": must be an RSA key, not " + key.getAlgorithm());
    }
    return key;
  }

  private static PrivateKey decode(String pem, Path file) throws IOException {
    try {
      return DERPrivateKeyLoader.load(PEMDecoder.decode(pem));
    } catch (Exception e) {
      // It is Scala, and throws more than it declares, depending on what the damage is.
      throw new IOException(file + ": is no private key in PEM without a password", e);
    }
  }

  /** Of an RSA key; of others one that no key has. */
  private static BigInteger modulus(Object key) {
    return key instanceof RSAKey rsa ? rsa.getModulus() : BigInteger.ZERO;
  }

  private static SSLContext context(KeyManager[] keys, X509Certificate authority)
      throws GeneralSecurityException, IOException {
    KeyStore trusted = emptyStore();
    trusted.setCertificateEntry("ca", authority);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    TrustManager[] managers = trust.getTrustManagers();
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, managers, null);
    return context;
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
