package io.poolwise.actuate;

import java.util.List;
import java.security.Principal;

import io.poolwise.governor.FleetPolicy;
import io.poolwise.governor.UngovernedPool;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.PoolTrouble;
import io.poolwise.pool.PostMortem;
import io.poolwise.pool.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DbPoolEndpoint}, {@link PoolsEndpoint} and
 * {@link PoolsEndpointWebExtension}: the JSON, letter by letter.
 */
class EndpointJsonTests {

	private final JsonMapper mapper = JsonMapper.builder().build();

	private final ApplicationIdentity identity = new ApplicationIdentity("prod",
			new MockEnvironment().withProperty("spring.application.name", "orders")
				.withProperty("HOSTNAME", "orders-7d9f4-x2x1p"));

	@Test
	void databasePoolsArePlainNumbersWithThePrimaryFirst() {
		try (StubPools pools = new StubPools(FleetPolicy.blind())) {
			pools.admit("archive", PoolKind.DATABASE, StubPools.UNKNOWN);
			pools.admit("sessions", PoolKind.REDIS, StubPools.UNKNOWN);
			pools.admit("primary", PoolKind.DATABASE, StubPools.GRANTED).counts = new PoolCounts(10, 8, 2, 0);
			assertThat(this.mapper.writeValueAsString(new DbPoolEndpoint(pools.governor()).databasePools())).isEqualTo(
					"{\"primary\":{\"size\":10,\"free\":8,\"used\":2,\"min_size\":10,\"max_size\":10,\"pending\":0,\"status\":\"healthy\"},"
							+ "\"archive\":{\"size\":0,\"free\":0,\"used\":0,\"min_size\":10,\"max_size\":10,\"pending\":0,\"status\":\"degraded\"}}");
		}
	}

	@Test
	void withoutPoolsThereIsAnEmptyObject() {
		try (StubPools pools = new StubPools(FleetPolicy.blind())) {
			assertThat(this.mapper.writeValueAsString(new DbPoolEndpoint(pools.governor()).databasePools()))
				.isEqualTo("{}");
		}
	}

	@Test
	void poolsAreDescribedWithTheirDerivation() {
		try (StubPools pools = new StubPools(StubPools.THREE)) {
			pools.admit("primary").counts = new PoolCounts(10, 8, 2, 0);
			String reasons = "[\"profile prod: 10 to 50\",\"PostgreSQL 18.6: max_connections 100 - 3 reserved for superusers = 97\","
					+ "\"reserve 10% of 97 = 9.7, rounded up to 10\",\"budget 97 - 10 = 87\",\"peak 3 replicas + 1 surge = 4\","
					+ "\"allotment 87 / 4 = 21\"";
			assertThat(json(pools, Show.ALWAYS, null))
				.startsWith("{\"profile\":\"prod\",\"application\":\"orders\",\"instance\":\""
						+ this.identity.instance() + "\","
						+ "\"fleet\":{\"mode\":\"fixed\",\"members\":3,\"replicas\":3,\"surge\":1},"
						+ "\"pools\":[{\"name\":\"primary\",\"kind\":\"database\",\"status\":\"healthy\","
						+ "\"actual\":{\"size\":10,\"free\":8,\"used\":2,\"pending\":0},"
						+ "\"target\":{\"min_size\":10,\"max_size\":21},"
						+ "\"budget\":{\"limit\":97,\"limit_source\":\"server\",\"share\":1,\"reserve\":10,\"budget\":87,\"peak\":4,\"allotment\":21},"
						+ "\"reasons\":" + reasons)
				.contains("\"decisions\":[{\"time\":\"2026-11-21T10:15:30Z\",\"pool\":\"primary\","
						+ "\"to\":{\"min_size\":10,\"max_size\":21},\"reasons\":" + reasons);
			assertThat(this.identity.instance()).isEqualTo("orders-7d9f4-x2x1p:" + ProcessHandle.current().pid());
		}
	}

	@Test
	void lastPostMortemIsADetail() {
		try (StubPools pools = new StubPools(StubPools.THREE)) {
			pools.admit("primary").trouble = new PoolTrouble(0, 1,
					new PostMortem(Verdict.SLOW_STATEMENTS, List.of("9 of 10 are in the driver")));
			assertThat(json(pools, Show.ALWAYS, null)).contains(
					",\"post_mortem\":{\"verdict\":\"slow-statements\",\"reasons\":[\"9 of 10 are in the driver\"]}");
			assertThat(json(pools, Show.NEVER, null)).doesNotContain("post_mortem", "slow");
		}
	}

	@Test
	void whatIsNotKnownIsAbsent() {
		try (StubPools pools = new StubPools(FleetPolicy.blind())) {
			pools.admit("primary", PoolKind.DATABASE, StubPools.UNKNOWN);
			pools.governor()
				.acknowledge(new UngovernedPool("legacy", PoolKind.DATABASE, null, null, "it is a BasicDataSource"));
			assertThat(json(pools, Show.NEVER, null))
				.isEqualTo("{\"profile\":\"prod\",\"application\":\"orders\",\"fleet\":{\"mode\":\"blind\"},"
						+ "\"pools\":[{\"name\":\"primary\",\"kind\":\"database\",\"status\":\"degraded\","
						+ "\"actual\":{\"size\":0,\"free\":0,\"used\":0,\"pending\":0},"
						+ "\"target\":{\"min_size\":10,\"max_size\":10}}],\"ungoverned\":[{\"name\":\"legacy\",\"kind\":\"database\"}]}");
			assertThat(json(pools, Show.ALWAYS, null)).contains(
					"\"ungoverned\":[{\"name\":\"legacy\",\"kind\":\"database\",\"reasons\":[\"it is a BasicDataSource\"]}]");
		}
	}

	@ParameterizedTest
	@CsvSource({ "ALWAYS, , true", "ALWAYS, jane, true", "WHEN_AUTHORIZED, , false", "WHEN_AUTHORIZED, jane, true",
			"NEVER, , false", "NEVER, jane, false" })
	void detailsAreForWhoMaySeeThem(Show show, String user, boolean shown) {
		try (StubPools pools = new StubPools(StubPools.THREE)) {
			pools.admit("primary");
			String json = json(pools, show, user);
			assertThat(json).contains("\"allotment\":21");
			for (String detail : new String[] { "reasons", "advice", "decisions", "instance", "PostgreSQL" }) {
				assertThat(json.contains(detail)).as(detail).isEqualTo(shown);
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "ALWAYS, true", "WHEN_AUTHORIZED, true", "NEVER, false" })
	void whoCallsNotOverHttpIsAuthorized(Show show, boolean shown) {
		try (StubPools pools = new StubPools(StubPools.THREE)) {
			assertThat(endpoint(pools, show).pools().containsKey("decisions")).isEqualTo(shown);
		}
	}

	private String json(StubPools pools, Show show, String user) {
		PoolsEndpoint endpoint = endpoint(pools, show);
		return this.mapper
			.writeValueAsString(new PoolsEndpointWebExtension(endpoint, show, "pools").pools(new SecurityContext() {

				@Override
				public Principal getPrincipal() {
					return (user != null) ? () -> user : null;
				}

				@Override
				public boolean isUserInRole(String role) {
					return false;
				}

			}, PoolsFormat.JSON).getBody());
	}

	private PoolsEndpoint endpoint(StubPools pools, Show show) {
		return new PoolsEndpoint(pools.governor(), new UsageHistory(pools.governor(), UsageMeter.NONE), this.identity,
				show);
	}

}
