package io.poolwise.pool.hikari;

import java.util.Properties;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link SeveralServers}.
 */
class SeveralServersTests {

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:postgresql://a:1,b:2/db?user=x&loadBalanceHosts=true",
			"jdbc:postgresql://a,b/db?loadBalanceHosts=true&targetServerType=secondary",
			"jdbc:postgresql://a,b?loadBalanceHosts=TRUE&targetServerType=preferSecondary",
			"jdbc:mariadb:loadbalance://a,b/db", "jdbc:mariadb:load-balance-read://a:1,b:2/db?user=x",
			"jdbc:mariadb:replication://a,b/db", "jdbc:mysql:replication://a,b/db" })
	void connectionsToSeveralServersAtOnceAreToldByTheUrl(String url) {
		assertThat(SeveralServers.in(url, new Properties())).startsWith("its URL spreads connections")
			.doesNotContain("//");
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:postgresql://a/db?loadBalanceHosts=true", "jdbc:postgresql://a,b/db",
			"jdbc:postgresql://a,b/db?loadBalanceHosts=false", "jdbc:postgresql:db",
			"jdbc:postgresql://a,b/db?targetServerType=primary&loadBalanceHosts=true",
			"jdbc:postgresql://a,b/db?targetServerType=secondary", "jdbc:mariadb://a,b/db",
			"jdbc:mariadb:sequential://a,b/db", "jdbc:mariadb:loadbalance://a/db", "jdbc:h2:mem:a,b" })
	void failoverAndASingleServerAreNot(String url) {
		assertThat(SeveralServers.in(url, new Properties())).isNull();
	}

	@Test
	void settingsOfTheDriverCountToo() {
		Properties properties = new Properties();
		properties.setProperty("loadBalanceHosts", "true");
		assertThat(SeveralServers.in("jdbc:postgresql://a,b/db", properties)).isNotNull();
		assertThat(SeveralServers.in(null, properties)).isNull();
	}

}
