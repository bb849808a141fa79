package io.poolwise.budget;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ServerLimit} and what it is derived from.
 */
class ServerLimitTests {

	@ParameterizedTest
	@CsvSource(nullValues = "-",
			value = { "100, 3, -, false, -1, -1, 97", "100, 3, 0, false, -1, -1, 97", "100, 3, 5, false, -1, -1, 92",
					"100, 3, 5, true, -1, -1, 97", "100, 3, 5, false, 50, -1, 50", "100, 3, 5, false, -1, 40, 40",
					"100, 3, 5, false, 50, 40, 40", "100, 3, 5, false, 40, 50, 40", "100, 3, 5, false, 500, 400, 92",
					"100, 3, -, false, 0, -1, 0", "100, 3, -, false, -1, -2, 97", "3, 3, -, false, -1, -1, 0",
					"3, 2, 2, false, -1, -1, 0", "2147483647, 0, -, false, -1, -1, 2147483647",
					"1, 2147483647, 2147483647, false, -1, -1, 0" })
	void postgresGrantsTheLeastOfItsLimits(int max, int superuser, Integer reserved, boolean mayUse, int role,
			int database, int expected) {
		ServerLimit limit = new PostgresLimits("18.6", max, superuser, reserved, mayUse, role, database).toLimit();
		assertThat(limit.connections()).isEqualTo(expected);
		assertThat(limit.source()).isEqualTo(ServerLimit.Source.SERVER);
		assertThat(limit.source().jsonName()).isEqualTo("server");
	}

	@Test
	void postgresNamesTheLimitThatDecides() {
		assertThat(new PostgresLimits("18.6", 100, 3, 5, false, 50, 40).toLimit().reasons()).containsExactly(
				"PostgreSQL 18.6: max_connections 100 - 3 reserved for superusers"
						+ " - 5 reserved_connections that this role may not use = 92",
				"the role's connection limit (rolconnlimit) is 50, lower than 92: it decides",
				"the database's connection limit (datconnlimit) is 40, lower than 50: it decides");
		assertThat(new PostgresLimits("16.15", 100, 3, 5, true, 200, -1).toLimit().reasons()).containsExactly(
				"PostgreSQL 16.15: max_connections 100 - 3 reserved for superusers = 97",
				"this role may use the 5 reserved_connections",
				"the role's connection limit (rolconnlimit) is 200, not lower than 97");
		assertThat(new PostgresLimits("18.6", 100, 3, 0, true, 97, -1).toLimit().reasons()).containsExactly(
				"PostgreSQL 18.6: max_connections 100 - 3 reserved for superusers = 97",
				"the role's connection limit (rolconnlimit) is 97, not lower than 97");
		assertThat(new PostgresLimits("15.19", 100, 3, null, false, -1, -1).toLimit().reasons())
			.containsExactly("PostgreSQL 15.19: max_connections 100 - 3 reserved for superusers = 97");
	}

	@ParameterizedTest
	@CsvSource({ "151, 0, 151", "151, 50, 50", "151, 151, 151", "151, 4294967295, 151", "4294967295, 0, 2147483647",
			"151, -1, 0" })
	void mysqlGrantsTheLesserOfItsLimits(long max, long maxUser, int expected) {
		assertThat(new MysqlLimits("MariaDB", "10.11.6", max, maxUser).toLimit().connections()).isEqualTo(expected);
	}

	@Test
	void mysqlNamesTheLimitThatDecides() {
		assertThat(new MysqlLimits("MariaDB", "10.11.6", 151, 50).toLimit().reasons()).containsExactly(
				"MariaDB 10.11.6: max_connections 151", "max_user_connections is 50, lower than 151: it decides");
		assertThat(new MysqlLimits("MySQL", "8.4.1", 151, 0).toLimit().reasons())
			.containsExactly("MySQL 8.4.1: max_connections 151");
		assertThat(new MysqlLimits("MySQL", "8.4.1", 151, 500).toLimit().reasons())
			.endsWith("max_user_connections is 500, not lower than 151");
		assertThat(new MysqlLimits("MariaDB", "11.4.2", 151, -1).toLimit().reasons())
			.endsWith("max_user_connections is -1: no ordinary account may connect");
	}

	@Test
	void redisGrantsItsMaxclients() {
		assertThat(new RedisLimits("7.0.15", 10000).toLimit().connections()).isEqualTo(10000);
		assertThat(new RedisLimits("7.0.15", 10000).toLimit().reasons())
			.containsExactly("Redis 7.0.15: maxclients 10000");
		assertThat(new RedisLimits("7.0.15", 4294967295L).toLimit().connections()).isEqualTo(Integer.MAX_VALUE);
	}

	@Test
	void impossibleReadingsAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new PostgresLimits("18.6", 0, 0, null, false, -1, -1))
			.withMessage("max_connections must be at least 1, but was 0");
		assertThatIllegalArgumentException().isThrownBy(() -> new PostgresLimits("18.6", 1, -1, null, false, -1, -1));
		assertThatIllegalArgumentException().isThrownBy(() -> new PostgresLimits("18.6", 1, 0, -1, false, -1, -1));
		assertThatIllegalArgumentException().isThrownBy(() -> new MysqlLimits("MySQL", "8.4.1", 0, 0));
		assertThatIllegalArgumentException().isThrownBy(() -> new RedisLimits("7.0.15", 0));
		assertThatIllegalArgumentException().isThrownBy(() -> ServerLimit.ofKey(0, "pool.database.budget.limit"))
			.withMessage("pool.database.budget.limit must be at least 1, but was 0");
	}

}
