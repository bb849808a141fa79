package io.poolwise.pool.rabbit;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Reads limits from a broker's management API, bounded in time.
 */
final class ManagementApi {

	private final RabbitManagement management;

	private final Duration timeout;

	private final HttpClient client;

	/**
	 * Creates a client.
	 * @param management the API
	 * @param timeout how long each of the three questions may take
	 */
	ManagementApi(RabbitManagement management, Duration timeout) {
		this.management = management;
		this.timeout = timeout;
		// the plugin answers an upgrade to HTTP/2 and then gives it up
		this.client = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.connectTimeout(timeout)
			.followRedirects(HttpClient.Redirect.NEVER)
			.build();
	}

	/**
	 * The limits of a user.
	 * @param user the user's name
	 * @return {@code max-channels} and {@code max-connections}, as far as they are set
	 * @throws ManagementException if the API did not tell
	 */
	Map<String, Integer> userLimits(String user) throws ManagementException {
		return limits("/api/user-limits/" + encode(user), "user", user);
	}

	/**
	 * The limits of a virtual host.
	 * @param vhost the virtual host's name
	 * @return {@code max-connections} and others, as far as they are set
	 * @throws ManagementException if the API did not tell
	 */
	Map<String, Integer> vhostLimits(String vhost) throws ManagementException {
		return limits("/api/vhost-limits/" + encode(vhost), "vhost", vhost);
	}

	/**
	 * The connections that the running nodes can carry together.
	 * @return how many, or null if the broker doesn't tell
	 * @throws ManagementException if the API did not answer
	 */
	@Nullable Integer sockets() throws ManagementException {
		List<Map<?, ?>> nodes = get("/api/nodes?columns=name,running,sockets_total");
		if (nodes == null) {
			throw new ManagementException("it has no nodes; is this the management API?");
		}
		int sum = 0;
		for (Map<?, ?> node : nodes) {
			if (Boolean.FALSE.equals(node.get("running"))) {
				continue;
			}
			if (!(node.get("sockets_total") instanceof Number sockets)) {
				return null;
			}
			sum += sockets.intValue();
		}
		return sum;
	}

	private Map<String, Integer> limits(String path, String key, String name) throws ManagementException {
		List<Map<?, ?>> found = get(path);
		if (found == null) {
			// users of other authorities are not known to the broker itself
			return Map.of();
		}
		for (Map<?, ?> each : found) {
			if (name.equals(each.get(key)) && each.get("value") instanceof Map<?, ?> values) {
				return values.entrySet()
					.stream()
					// a negative number is how the broker writes none
					.filter((entry) -> entry.getValue() instanceof Number number && number.intValue() >= 0)
					.collect(Collectors.toUnmodifiableMap((entry) -> (String) entry.getKey(),
							(entry) -> ((Number) entry.getValue()).intValue()));
			}
		}
		return Map.of();
	}

	/**
	 * Gets a list of objects.
	 * @return the list, or null if there is nothing of that name
	 */
	private @Nullable List<Map<?, ?>> get(String path) throws ManagementException {
		URI uri = this.management.resolve(path);
		HttpRequest request = HttpRequest.newBuilder(uri)
			.timeout(this.timeout)
			.header("Authorization", this.management.authorization())
			.header("Accept", "application/json")
			.build();
		try {
			HttpResponse<String> response = this.client.send(request, HttpResponse.BodyHandlers.ofString());
			if (response.statusCode() == 404) {
				return null;
			}
			if (response.statusCode() != 200) {
				throw new ManagementException(explain(response.statusCode()));
			}
			return this.management.parse(response.body()).stream().<Map<?, ?>>map((each) -> (Map<?, ?>) each).toList();
		}
		catch (HttpTimeoutException ex) {
			throw new ManagementException("no answer within " + this.timeout.toMillis() + " ms");
		}
		catch (IOException ex) {
			throw new ManagementException("not reachable (" + Failures.describe(ex) + "); is the plugin on?");
		}
		catch (RuntimeException ex) {
			throw new ManagementException("the answer is not the management API's");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new ManagementException("interrupted");
		}
	}

	private String explain(int status) {
		return switch (status) {
			case 401, 403 -> "the user '" + this.management.username() + "' is refused (" + status
					+ "); it needs the password and the tag administrator";
			default -> "status " + status;
		};
	}

	private static String encode(String name) {
		return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
	}

	@Override
	public String toString() {
		return this.management.toString();
	}

	/**
	 * Says in a few words why the API did not tell.
	 */
	static final class ManagementException extends Exception {

		private static final long serialVersionUID = 1L;

		ManagementException(String message) {
			super(message);
		}

	}

}
