package io.poolwise.sample.embedded;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EmbeddedServer}.
 */
class EmbeddedServerTests {

	@Test
	void commandPointsAnotherInstanceToEveryServer() {
		EmbeddedServer postgres = new EmbeddedServer("PostgreSQL",
				Map.of("SPRING_DATASOURCE_URL", "jdbc:postgresql://127.0.0.1:5/orders"));
		EmbeddedServer other = new EmbeddedServer("Other", Map.of("OTHER_PORT", "6", "OTHER_HOST", "127.0.0.1"));
		assertThat(EmbeddedServer.commandForAnotherInstance(List.of(postgres, other)))
			.isEqualTo("SERVER_PORT=0 OTHER_HOST='127.0.0.1' OTHER_PORT='6'"
					+ " SPRING_DATASOURCE_URL='jdbc:postgresql://127.0.0.1:5/orders'"
					+ " mvn -pl sample-app -am spring-boot:run");
	}

}
