package io.poolwise.testservers;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The users and limits of a RabbitMQ server, in the format of its definitions file.
 */
final class RabbitDefinitions {

	private final Map<String, User> users = new LinkedHashMap<>();

	private final Map<String, Integer> vhostLimits = new LinkedHashMap<>();

	void user(String name, String password, String tags) {
		this.users.put(name, new User(password, tags, new LinkedHashMap<>()));
	}

	void userLimit(String name, String limit, int value) {
		User user = this.users.get(name);
		if (user == null) {
			throw new IllegalArgumentException("No user " + name);
		}
		user.limits.put(limit, value);
	}

	void vhostLimit(String limit, int value) {
		this.vhostLimits.put(limit, value);
	}

	/**
	 * The definitions as JSON.
	 * @return the lines of a file
	 */
	List<String> lines() {
		String all = this.users.entrySet()
			.stream()
			.map((user) -> user.getValue().json(user.getKey()))
			.collect(Collectors.joining(",\n"));
		String permissions = this.users.keySet()
			.stream()
			.map((name) -> "{\"vhost\": \"/\", \"user\": " + quote(name)
					+ ", \"configure\": \".*\", \"write\": \".*\", \"read\": \".*\"}")
			.collect(Collectors.joining(",\n"));
		String parameters = this.vhostLimits.isEmpty() ? ""
				: "{\"vhost\": \"/\", \"component\": \"vhost-limits\", \"name\": \"limits\", \"value\": "
						+ limits(this.vhostLimits) + "}";
		return List.of("{\"vhosts\": [{\"name\": \"/\"}],", "\"users\": [" + all + "],",
				"\"permissions\": [" + permissions + "],", "\"parameters\": [" + parameters + "]}");
	}

	private static String limits(Map<String, Integer> limits) {
		return limits.entrySet()
			.stream()
			.map((limit) -> quote(limit.getKey()) + ": " + limit.getValue())
			.collect(Collectors.joining(", ", "{", "}"));
	}

	/**
	 * Hashes a password as RabbitMQ does: SHA-256 of four bytes of salt and the password,
	 * behind the salt. The salt needn't be random here.
	 * @param password the password
	 * @return the hash in Base64
	 */
	private static String hash(String password) {
		byte[] text = password.getBytes(StandardCharsets.UTF_8);
		byte[] salted = new byte[4 + text.length];
		System.arraycopy(text, 0, salted, 4, text.length);
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(salted);
			byte[] result = new byte[4 + digest.length];
			System.arraycopy(digest, 0, result, 4, digest.length);
			return Base64.getEncoder().encodeToString(result);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String quote(String value) {
		return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
	}

	private record User(String password, String tags, Map<String, Integer> limits) {

		String json(String name) {
			return "{\"name\": " + quote(name) + ", \"tags\": " + quote(this.tags)
					+ ", \"hashing_algorithm\": \"rabbit_password_hashing_sha256\", \"password_hash\": "
					+ quote(hash(this.password)) + ", \"limits\": " + RabbitDefinitions.limits(this.limits) + "}";
		}

	}

}
