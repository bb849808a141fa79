package io.poolwise.pool.hikari;

import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Whether the URL of a pool says that its connections go to several servers at the same
 * time. Several addresses of which one is used until it fails are not meant.
 */
final class SeveralServers {

	private static final String POSTGRESQL = "jdbc:postgresql://";

	// at most one server is a primary at a time
	private static final Set<String> ONE_TARGET = Set.of("primary", "master");

	// the driver's own schemes: jdbc:mariadb:loadbalance://a,b/db,
	// jdbc:mysql:replication://a,b/db
	private static final Pattern SCHEME = Pattern
		.compile("jdbc:(?:mariadb|mysql):(load-?balance(?:-read)?|replication)://([^/?]*).*", Pattern.CASE_INSENSITIVE);

	private SeveralServers() {
	}

	/**
	 * Looks at a URL.
	 * @param url the pool's URL, {@code null} if it has none
	 * @param properties what the driver is given besides
	 * @return the objection, one sentence without its full stop and without a secret;
	 * {@code null} if there is none
	 */
	static @Nullable String in(@Nullable String url, Properties properties) {
		if (url == null) {
			return null;
		}
		Matcher scheme = SCHEME.matcher(url);
		if (scheme.matches()) {
			return several(scheme.group(2))
					? "its URL spreads connections over several servers (" + scheme.group(1) + ")" : null;
		}
		if (!url.startsWith(POSTGRESQL)) {
			return null;
		}
		String rest = url.substring(POSTGRESQL.length());
		String query = (rest.indexOf('?') >= 0) ? rest.substring(rest.indexOf('?') + 1) : "";
		String hosts = rest.split("[/?]", 2)[0];
		boolean spread = Boolean.parseBoolean(setting("loadBalanceHosts", query, properties));
		String target = setting("targetServerType", query, properties).toLowerCase(Locale.ROOT);
		return (several(hosts) && spread && !ONE_TARGET.contains(target))
				? "its URL spreads connections over several servers (loadBalanceHosts)" : null;
	}

	private static boolean several(String hosts) {
		return hosts.indexOf(',') >= 0;
	}

	/** What stands in the URL comes first, as for the driver. */
	private static String setting(String name, String query, Properties properties) {
		for (String pair : List.of(query.split("&"))) {
			if (pair.startsWith(name + "=")) {
				return pair.substring(name.length() + 1);
			}
		}
		return String.valueOf(properties.getOrDefault(name, ""));
	}

}
