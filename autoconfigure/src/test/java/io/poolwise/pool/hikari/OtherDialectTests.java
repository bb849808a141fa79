package io.poolwise.pool.hikari;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OtherDialect}.
 */
class OtherDialectTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			jdbc:h2:mem:orders                                                     | jdbc:h2:mem:orders
			jdbc:h2:mem:orders;USER=sa;PASSWORD=s3cret                             | jdbc:h2:mem:orders
			jdbc:h2:mem:a;INIT=RUNSCRIPT FROM 'http://other/x.sql'                 | jdbc:h2:mem:a
			jdbc:h2:tcp://Db-1:9092/~/orders                                       | db-1:9092
			jdbc:h2:tcp://db-1/~/orders;PASSWORD=s3cret                            | db-1
			jdbc:sqlserver://db-1:1433;databaseName=orders;password=s3cret         | db-1:1433
			jdbc:db2://db-1:50000/ORDERS:user=scott;password=s3cret;               | db-1:50000
			jdbc:oracle:thin:scott/s3cret@//db-1:1521/orders                       | db-1:1521
			jdbc:oracle:thin:scott/s3cret@db-1:1521:orders                         | db-1:1521:orders
			jdbc:oracle:thin:scott/s3cret;or:more@db-1:1521:orders                 | db-1:1521:orders
			jdbc:cockroach://scott:s3cret@db-1:26257/orders?sslmode=require        | db-1:26257
			jdbc:cockroach://scott:p@s3cret@db-1:26257/orders                      | db-1:26257
			jdbc:clickhouse://db-1:8123/orders?user=scott&password=s3cret          | db-1:8123
			""")
	void serverIsItsAddressWithoutCredentials(String url, String server) {
		String identity = OtherDialect.identity("Some", url).value();
		assertThat(identity).isEqualTo("Some " + server).doesNotContain("s3cret", "scott");
	}

	@Test
	void driverThatTellsNoAddressLeavesTheProduct() {
		assertThat(OtherDialect.identity("Some", null).value()).isEqualTo("Some");
	}

	@Test
	void databasesOfOneServerAreOneServer() {
		assertThat(OtherDialect.identity("Some", "jdbc:sqlserver://db-1:1433;databaseName=a"))
			.isEqualTo(OtherDialect.identity("Some", "jdbc:sqlserver://DB-1:1433;databaseName=b"))
			.isNotEqualTo(OtherDialect.identity("Some", "jdbc:sqlserver://db-2:1433;databaseName=a"));
	}

}
