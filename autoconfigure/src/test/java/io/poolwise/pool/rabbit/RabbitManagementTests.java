package io.poolwise.pool.rabbit;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RabbitManagement}.
 */
class RabbitManagementTests {

	@ParameterizedTest
	@CsvSource({ "http://broker:15672, http://broker:15672/api/nodes",
			"https://broker:15671/rabbit/, https://broker:15671/rabbit/api/nodes",
			"HTTP://broker, http://broker/api/nodes", "http://u:p%40ss@broker:15672, http://broker:15672/api/nodes",
			"http://[::1]:15672, http://[::1]:15672/api/nodes" })
	void resolvesWithoutCredentials(String url, String expected) {
		RabbitManagement management = RabbitManagement.of(url, null, null, (json) -> List.of());
		assertThat(management.resolve("/api/nodes")).hasToString(expected);
		assertThat(management.toString()).doesNotContain("@");
	}

	@Test
	void credentialsOfTheAddressServeWhereNoneAreGiven() {
		assertThat(credentials("http://me:p%40s+s@broker", null, null)).isEqualTo("me:p@s+s");
		assertThat(credentials("http://me:secret@broker", "you", "other")).isEqualTo("you:other");
		assertThat(credentials("http://broker", null, null)).isEqualTo("guest:guest");
	}

	private static String credentials(String url, String username, String password) {
		String header = RabbitManagement.of(url, username, password, (json) -> List.of()).authorization();
		return new String(Base64.getDecoder().decode(header.substring("Basic ".length())), StandardCharsets.UTF_8);
	}

	@ParameterizedTest
	@ValueSource(strings = { "broker:15672", "amqp://me:secret@broker", "http://me:secret@", "http://me:sec ret@broker",
			"", "/api" })
	void refusesWhatIsNoAddressAndShowsNoSecret(String url) {
		assertThatIllegalArgumentException().isThrownBy(() -> RabbitManagement.of(url, null, null, (json) -> List.of()))
			.satisfies((ex) -> assertThat(ex).hasNoCause())
			.withMessageNotContaining("sec");
	}

}
