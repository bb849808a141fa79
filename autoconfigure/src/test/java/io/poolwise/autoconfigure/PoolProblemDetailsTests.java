package io.poolwise.autoconfigure;

import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

import javax.sql.DataSource;

import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolSaturatedException;
import io.poolwise.pool.PoolShortage;
import io.poolwise.pool.lettuce.RedisPoolSaturatedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.amqp.AmqpTimeoutException;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PoolProblemDetailsAutoConfiguration}.
 */
class PoolProblemDetailsTests {

	private static final List<String> WAYS = List.of("bare", "jdbc", "transaction", "deep", "redis");

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(PoolAutoConfiguration.class, PoolProblemDetailsAutoConfiguration.class));

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
	void refusedCallerIsAnswered503WithAHintWhereverTheReasonLies(WebApplicationType type) throws Exception {
		try (HttpApplication application = run(type, List.of(), Shop.class)) {
			for (String way : WAYS) {
				HttpResponse<String> answer = application.get("/refuse/" + way);
				assertThat(answer.statusCode()).as(way).isEqualTo(503);
				assertThat(answer.headers().firstValue("Retry-After")).as(way).hasValue("3");
				assertThat(answer.headers().firstValue("Content-Type")).as(way).hasValue("application/problem+json");
				JsonNode body = JsonMapper.shared().readTree(answer.body());
				assertThat(body.get("status").asInt()).isEqualTo(503);
				assertThat(body.get("title").asString()).isEqualTo("No connection free");
				assertThat(body.get("detail").asString())
					.isEqualTo("The pool 'primary' has no connection free. Try again in 3 s.");
				assertThat(answer.body())
					.isEqualTo("{\"detail\":\"The pool 'primary' has no connection free. Try again in 3 s.\","
							+ "\"instance\":\"/refuse/" + way + "\",\"status\":503,\"title\":\"No connection free\"}");
				assertThat(answer.body()).doesNotContain("secret", "db.internal", "5432");
			}
		}
	}

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
	void exhaustedPoolIsAnswered503(WebApplicationType type) throws Exception {
		List<String> properties = List.of("pool.database.max-size=1", "pool.database.acquire-timeout=250ms");
		try (HttpApplication application = run(type, properties, Shop.class)) {
			try (Connection held = application.context().getBean(DataSource.class).getConnection()) {
				assertThat(held.isClosed()).isFalse();
				HttpResponse<String> answer = application.get("/query");
				assertThat(answer.statusCode()).isEqualTo(503);
				assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
			}
			assertThat(application.get("/query").statusCode()).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
	void handlersOfTheApplicationWin(WebApplicationType type) throws Exception {
		try (HttpApplication application = run(type, List.of(), Shop.class, CatchAll.class)) {
			for (String way : WAYS) {
				assertThat(application.get("/refuse/" + way).body()).as(way).isEqualTo("caught by the application");
			}
		}
		try (HttpApplication application = run(type, List.of(), OwnHandler.class)) {
			assertThat(application.get("/own").body()).isEqualTo("caught by the controller");
		}
	}

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
	void otherFailuresAreLeftAlone(WebApplicationType type) throws Exception {
		try (HttpApplication application = run(type, List.of(), Shop.class)) {
			HttpResponse<String> answer = application.get("/refuse/other");
			assertThat(answer.statusCode()).isEqualTo(500);
			assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
	void switchedOffNothingIsAnswered(WebApplicationType type) throws Exception {
		List<String> properties = List.of("pool.web.problemdetails.enabled=false");
		try (HttpApplication application = run(type, properties, Shop.class)) {
			for (String way : WAYS) {
				assertThat(application.get("/refuse/" + way).statusCode()).as(way).isEqualTo(500);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
	void callerWithoutAChannelIsAnswered503AndOneWhoseBrokerIsSlowIsNot(WebApplicationType type) throws Exception {
		try (HttpApplication application = run(type, List.of("pool.rabbit.enabled=true"), Shop.class)) {
			HttpResponse<String> answer = application.get("/refuse/channel");
			assertThat(answer.statusCode()).isEqualTo(503);
			assertThat(answer.headers().firstValue("Retry-After")).hasValue("5");
			assertThat(answer.body()).contains("has no connection free. Try again in 5 s.");
			assertThat(application.get("/refuse/broker").statusCode()).isEqualTo(500);
		}
	}

	@Test
	void advicesAreThereForWhatTheApplicationHas() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(DatabasePoolProblemAdvice.class)
			.hasSingleBean(RedisPoolProblemAdvice.class)
			.hasSingleBean(RabbitPoolProblemAdvice.class));
		for (String off : List.of("pool.rabbit.enabled=false", "pool.dry-run=true")) {
			this.runner.withPropertyValues(off)
				.run((context) -> assertThat(context).doesNotHaveBean(RabbitPoolProblemAdvice.class));
		}
		this.runner
			.withClassLoader(new FilteredClassLoader(LettuceConnectionFactory.class.getPackageName(),
					"org.springframework.amqp", "io.lettuce"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(DatabasePoolProblemAdvice.class)
				.doesNotHaveBean("redisPoolProblemAdvice")
				.doesNotHaveBean("rabbitPoolProblemAdvice"));
	}

	@Test
	void withoutPoolwiseOrTheWebThereIsNone() {
		this.runner.withPropertyValues("pool.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(DatabasePoolProblemAdvice.class));
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(PoolAutoConfiguration.class, PoolProblemDetailsAutoConfiguration.class))
			.run((context) -> assertThat(context).doesNotHaveBean(DatabasePoolProblemAdvice.class));
	}

	private static HttpApplication run(WebApplicationType type, List<String> properties, Class<?>... sources) {
		List<String> all = new ArrayList<>(properties);
		all.add("spring.datasource.url=jdbc:h2:mem:" + type);
		all.add("pool.redis.enabled=false");
		if (!all.contains("pool.rabbit.enabled=true")) {
			all.add("pool.rabbit.enabled=false");
		}
		return HttpApplication.run(type, all, sources);
	}

	@RestController
	static class Shop {

		private final JdbcTemplate jdbc;

		Shop(JdbcTemplate jdbc) {
			this.jdbc = jdbc;
		}

		@GetMapping("/query")
		int query() {
			return this.jdbc.queryForObject("SELECT 1", Integer.class);
		}

		@GetMapping("/refuse/{way}")
		String refuse(@PathVariable("way") String way) throws Exception {
			PoolShortage shortage = new PoolShortage("primary", new PoolCounts(10, 0, 10, 3), 10,
					Duration.ofMillis(2001));
			SQLException refused = new PoolSaturatedException(shortage, 3);
			String secret = "jdbc:postgresql://db.internal:5432/shop?password=secret";
			throw switch (way) {
				case "bare" -> refused;
				case "jdbc" -> new CannotGetJdbcConnectionException(secret, refused);
				case "transaction" -> new CannotCreateTransactionException(secret, refused);
				case "deep" -> new IllegalStateException(secret,
						new DataAccessResourceFailureException(secret, new RuntimeException(refused)));
				case "redis" -> new IllegalStateException(new RedisPoolSaturatedException(shortage, 3));
				case "channel" -> new IllegalStateException(new AmqpTimeoutException("No available channels"));
				case "broker" -> new AmqpTimeoutException(new TimeoutException("the broker is slow"));
				default -> new CannotGetJdbcConnectionException(secret,
						new SQLTransientConnectionException("the server is down"));
			};
		}

	}

	@RestControllerAdvice
	static class CatchAll {

		@ExceptionHandler(Exception.class)
		String handle() {
			return "caught by the application";
		}

	}

	@RestController
	static class OwnHandler {

		@GetMapping("/own")
		String fail() throws SQLException {
			throw new PoolSaturatedException(new PoolShortage("primary", PoolCounts.EMPTY, 1, Duration.ofSeconds(1)),
					1);
		}

		@ExceptionHandler(SQLException.class)
		String handle() {
			return "caught by the controller";
		}

	}

}
