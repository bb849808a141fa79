package io.poolwise.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A self-signed certificate for a server on loopback.
 *
 * @param certificate the PEM file of the certificate
 * @param key the PEM file of its private key
 */
record TlsCertificate(Path certificate, Path key) {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String PASSWORD = "changeit";

	private static final String ALIAS = "server";

	/**
	 * Makes a new key and certificate with the JDK's own tool.
	 * @param home the folder for the files
	 * @return the certificate, valid for a day
	 */
	static TlsCertificate create(ServerHome home) {
		Path store = home.path("server.p12");
		Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
		new ServerProcess("keytool", home.directory(), new ServerUser(false),
				List.of(tool.toString(), "-genkeypair", "-alias", ALIAS, "-keyalg", "EC", "-dname", "CN=localhost",
						"-ext", "san=dns:localhost,ip:127.0.0.1", "-validity", "1", "-storetype", "PKCS12", "-keystore",
						store.toString(), "-storepass", PASSWORD),
				Map.of())
			.run(PATIENCE);
		try (InputStream in = Files.newInputStream(store)) {
			KeyStore keys = KeyStore.getInstance("PKCS12");
			keys.load(in, PASSWORD.toCharArray());
			Path certificate = home.write("server.crt", pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded()));
			Path key = home.write("server.key",
					pem("PRIVATE KEY", keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded()));
			return new TlsCertificate(certificate, key);
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new ServerStartException("Can't read the certificate that keytool made", ex);
		}
	}

	private static List<String> pem(String type, byte[] content) {
		return List.of("-----BEGIN " + type + "-----",
				Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content), "-----END " + type + "-----");
	}

}
