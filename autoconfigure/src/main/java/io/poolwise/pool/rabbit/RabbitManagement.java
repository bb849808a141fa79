package io.poolwise.pool.rabbit;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Where a broker's management API is, and who asks it.
 */
public final class RabbitManagement {

	private final URI url;

	private final String username;

	private final String password;

	private final Function<String, List<Object>> json;

	private RabbitManagement(URI url, String username, String password, Function<String, List<Object>> json) {
		this.url = url;
		this.username = username;
		this.password = password;
		this.json = json;
	}

	/**
	 * Checks an address.
	 * @param url the API's address, such as {@code http://broker:15672}; credentials in
	 * it serve where the others are null
	 * @param username the user, or null
	 * @param password its password, or null
	 * @param json reads a list of objects; fails by any runtime exception if it is none
	 * @return the address
	 * @throws IllegalArgumentException if the address is none, without the credentials
	 * that it may hold
	 */
	public static RabbitManagement of(String url, @Nullable String username, @Nullable String password,
			Function<String, List<Object>> json) {
		URI given;
		try {
			given = new URI(url.strip());
		}
		catch (URISyntaxException ex) {
			// its message and cause would show the whole address
			throw new IllegalArgumentException("not a URL: " + ex.getReason() + " at index " + ex.getIndex());
		}
		String scheme = (given.getScheme() != null) ? given.getScheme().toLowerCase(Locale.ROOT) : "";
		if (given.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
			throw new IllegalArgumentException("not an address such as http://broker:15672");
		}
		String[] info = (given.getRawUserInfo() != null) ? given.getRawUserInfo().split(":", 2) : new String[0];
		String path = (given.getRawPath() != null) ? given.getRawPath().replaceAll("/+$", "") : "";
		String port = (given.getPort() >= 0) ? ":" + given.getPort() : "";
		return new RabbitManagement(URI.create(scheme + "://" + given.getHost() + port + path), pick(username, info, 0),
				pick(password, info, 1), json);
	}

	private static String pick(@Nullable String given, String[] info, int index) {
		if (given != null) {
			return given;
		}
		return (info.length > index) ? URLDecoder.decode(info[index].replace("+", "%2B"), StandardCharsets.UTF_8)
				: "guest";
	}

	URI resolve(String path) {
		return URI.create(this.url + path);
	}

	String authorization() {
		return "Basic " + Base64.getEncoder()
			.encodeToString((this.username + ":" + this.password).getBytes(StandardCharsets.UTF_8));
	}

	List<Object> parse(String text) {
		return this.json.apply(text);
	}

	String username() {
		return this.username;
	}

	/**
	 * The address, without credentials.
	 */
	@Override
	public String toString() {
		return this.url.toString();
	}

}
