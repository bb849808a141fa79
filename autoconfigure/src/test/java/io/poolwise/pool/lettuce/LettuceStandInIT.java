package io.poolwise.pool.lettuce;

import java.beans.Introspector;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.resource.ClientResources;
import io.poolwise.pool.PoolSize;
import io.poolwise.testservers.RedisServer;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.RedisStaticMasterReplicaConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnection.PipeliningFlushPolicy;
import org.springframework.data.redis.connection.lettuce.LettuceConnection.PipeliningFlushState;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What applications do with a Lettuce connection factory, with the stock one and with the
 * governed one that stands in for it.
 */
@Timeout(120)
class LettuceStandInIT {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static RedisServer server;

	private static RedisServer other;

	private static ClientResources resources;

	private static RedisClient admin;

	private final List<LettuceConnectionFactory> factories = new ArrayList<>();

	@BeforeAll
	static void startServers() {
		server = RedisServer.builder().user("app", "secret", "~* &* +@all").start();
		other = RedisServer.builder().start();
		resources = ClientResources.create();
		admin = RedisClient.create(RedisURI.create(server.host(), server.port()));
	}

	@AfterAll
	static void stopServers() {
		admin.shutdown();
		server.close();
		other.close();
		resources.shutdown(0, 0, TimeUnit.SECONDS);
	}

	@AfterEach
	void destroyFactories() {
		this.factories.forEach(LettuceConnectionFactory::destroy);
	}

	/**
	 * A factory that was made by its host and port, so that all its setters work.
	 */
	private LettuceConnectionFactory factory(boolean governed, BiConsumer<String, LettuceConnectionFactory> touch) {
		LettuceConnectionFactory stock = new LettuceConnectionFactory(server.host(), server.port());
		touch.accept("made", stock);
		LettuceConnectionFactory factory = stock;
		if (governed) {
			assertThat(GovernedLettuceConnectionFactory.whyNotReplaceable(stock)).isNull();
			factory = new GovernedLettuceConnectionFactory("redis", stock,
					LettuceSettings.of(PoolSize.of(0, 8), SOON, stock.getClientConfiguration().getCommandTimeout()),
					Runnable::run);
		}
		this.factories.add(factory);
		touch.accept("injected", factory);
		factory.afterPropertiesSet();
		touch.accept("started", factory);
		return factory;
	}

	private static Stream<String> setters() {
		return Stream.of(LettuceConnectionFactory.class.getMethods())
			.filter((method) -> method.getName().startsWith("set") && Modifier.isPublic(method.getModifiers()))
			.map(Method::getName)
			.distinct()
			.sorted();
	}

	/**
	 * How each setter is called, and what shows that it had its effect.
	 */
	private static final Map<String, Setting> SETTINGS = new LinkedHashMap<>();

	private record Setting(BiConsumer<LettuceConnectionFactory, Boolean> set,
			Function<LettuceConnectionFactory, Object> seen) {
	}

	@SuppressWarnings("deprecation")
	private static void settings() {
		put("AutoStartup", (factory, on) -> factory.setAutoStartup(!on), LettuceConnectionFactory::isAutoStartup);
		put("ClientName", (factory, on) -> factory.setClientName("by-setter"),
				(factory) -> factory.getClientName() + clientName(factory));
		put("ClientResources", (factory, on) -> factory.setClientResources(resources),
				(factory) -> factory.getClientResources() == resources
						&& factory.getRequiredNativeClient().getResources() == resources);
		put("ConvertPipelineAndTxResults", (factory, on) -> factory.setConvertPipelineAndTxResults(!on),
				(factory) -> factory.getConvertPipelineAndTxResults() + " " + converted(factory));
		put("Database", (factory, on) -> factory.setDatabase(3),
				(factory) -> factory.getDatabase() + " " + database(factory));
		put("EagerInitialization", (factory, on) -> factory.setEagerInitialization(on),
				LettuceConnectionFactory::getEagerInitialization);
		put("EarlyStartup", (factory, on) -> factory.setEarlyStartup(on), LettuceConnectionFactory::isEarlyStartup);
		put("Executor", (factory, on) -> factory.setExecutor(new SimpleAsyncTaskExecutor()), (factory) -> "");
		put("HostName", (factory, on) -> factory.setHostName("localhost"), LettuceConnectionFactory::getHostName);
		put("Password", (factory, on) -> factory.setPassword(""), LettuceConnectionFactory::getPassword);
		put("Phase", (factory, on) -> factory.setPhase(7), LettuceConnectionFactory::getPhase);
		put("PipeliningFlushPolicy",
				(factory, on) -> factory.setPipeliningFlushPolicy(new Counting(PipeliningFlushPolicy.flushOnClose())),
				LettuceStandInIT::pipelines);
		put("Port", (factory, on) -> factory.setPort(other.port()),
				(factory) -> factory.getPort() + serverPort(factory));
		put("ShareNativeConnection", (factory, on) -> factory.setShareNativeConnection(!on),
				(factory) -> factory.getShareNativeConnection() + " " + shares(factory));
		put("ShutdownTimeout", (factory, on) -> factory.setShutdownTimeout(321),
				LettuceConnectionFactory::getShutdownTimeout);
		put("StartTls", (factory, on) -> factory.setStartTls(false), LettuceConnectionFactory::isStartTls);
		put("Timeout", (factory, on) -> factory.setTimeout(3000),
				(factory) -> factory.getTimeout() + " " + timesOut(factory));
		put("UseSsl", (factory, on) -> factory.setUseSsl(false), LettuceConnectionFactory::isUseSsl);
		put("ValidateConnection", (factory, on) -> factory.setValidateConnection(on),
				LettuceConnectionFactory::getValidateConnection);
		put("VerifyPeer", (factory, on) -> factory.setVerifyPeer(false), LettuceConnectionFactory::isVerifyPeer);
	}

	private static void put(String name, BiConsumer<LettuceConnectionFactory, Boolean> set,
			Function<LettuceConnectionFactory, Object> seen) {
		SETTINGS.put("set" + name, new Setting(set, seen));
	}

	static {
		settings();
	}

	@ParameterizedTest
	@MethodSource("setters")
	void everySetterHasTheEffectThatItHasOnTheStockFactory(String setter) {
		Setting setting = SETTINGS.get(setter);
		assertThat(setting).as("a setter that this test doesn't know: " + setter).isNotNull();
		for (String phase : List.of("made", "injected", "started", "restarted")) {
			assertThat(effect(true, phase, setting)).as(setter + " when " + phase)
				.isEqualTo(effect(false, phase, setting));
		}
	}

	private Object effect(boolean governed, String phase, Setting setting) {
		LettuceConnectionFactory factory = factory(governed, (reached, each) -> {
			if (reached.equals(phase) || (reached.equals("started") && phase.equals("restarted"))) {
				setting.set().accept(each, true);
			}
		});
		if (phase.equals("restarted")) {
			factory.stop();
			factory.start();
		}
		if (!factory.isRunning()) {
			factory.start();
		}
		Object seen = setting.seen().apply(factory);
		factory.destroy();
		return String.valueOf(seen);
	}

	@ParameterizedTest
	@CsvSource({ "false,false", "true,false", "false,true", "true,true" })
	void nextCommandWorksAfterTheSharedConnectionWasClosedNatively(boolean governed, boolean validate) {
		LettuceConnectionFactory factory = factory(governed, (reached, each) -> {
			if (reached.equals("made")) {
				each.setValidateConnection(validate);
			}
		});
		StringRedisTemplate template = new StringRedisTemplate(factory);
		for (int round = 0; round < 3; round++) {
			template.opsForValue().set("key", "value");
			shared(factory).close();
			if (!validate) {
				// the stock factory notices by itself as little
				factory.resetConnection();
			}
			assertThat(template.opsForValue().get("key")).isEqualTo("value");
			factory.initConnection();
			assertThat(template.opsForValue().get("key")).isEqualTo("value");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whatTheApplicationKeepsOfItsConfigurationStaysInUse(boolean governed) {
		RedisStandaloneConfiguration address = new RedisStandaloneConfiguration(server.host(), server.port());
		LettuceConnectionFactory stock = new LettuceConnectionFactory((RedisConfiguration) address,
				LettuceClientConfiguration.defaultConfiguration());
		LettuceConnectionFactory factory = governed ? new GovernedLettuceConnectionFactory("redis", stock,
				LettuceSettings.of(PoolSize.of(0, 8), SOON, SOON), Runnable::run) : stock;
		this.factories.add(factory);
		factory.start();
		assertThat(serverPort(factory)).isEqualTo(server.port());
		factory.stop();
		address.setPort(other.port());
		factory.start();
		assertThat(serverPort(factory)).isEqualTo(other.port());
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void staticReplicasAreServed(boolean governed) {
		RedisStaticMasterReplicaConfiguration addresses = new RedisStaticMasterReplicaConfiguration(server.host(),
				server.port());
		LettuceConnectionFactory stock = new LettuceConnectionFactory((RedisConfiguration) addresses);
		LettuceConnectionFactory factory = governed ? new GovernedLettuceConnectionFactory("redis", stock,
				LettuceSettings.of(PoolSize.of(0, 8), SOON, SOON), Runnable::run) : stock;
		this.factories.add(factory);
		factory.afterPropertiesSet();
		StringRedisTemplate template = new StringRedisTemplate(factory);
		template.opsForValue().set("static", "yes");
		assertThat(template.opsForValue().get("static")).isEqualTo("yes");
		assertThat(factory.getDatabase()).isZero();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void classBasedProxyIsPutAroundTheFactory(boolean governed) {
		AtomicInteger calls = new AtomicInteger();
		ProxyFactory proxies = new ProxyFactory(factory(governed, (reached, each) -> {
		}));
		proxies.setProxyTargetClass(true);
		proxies.addAdvice((MethodInterceptor) (invocation) -> {
			calls.incrementAndGet();
			return invocation.proceed();
		});
		LettuceConnectionFactory proxy = (LettuceConnectionFactory) proxies.getProxy();
		StringRedisTemplate template = new StringRedisTemplate(proxy);
		template.opsForValue().set("key", "value");
		assertThat(template.opsForValue().get("key")).isEqualTo("value");
		assertThat(calls.get()).isPositive();
		if (governed) {
			assertThat(((GovernedLettuceConnectionFactory) proxy).managedPool().counts().used()).isOne();
		}
		proxy.stop();
		proxy.start();
		assertThat(template.opsForValue().get("key")).isEqualTo("value");
	}

	private static StatefulConnection<?, ?> shared(LettuceConnectionFactory factory) {
		try (RedisConnection connection = factory.getConnection()) {
			return ((RedisAsyncCommands<?, ?>) connection.getNativeConnection()).getStatefulConnection();
		}
	}

	private static int database(LettuceConnectionFactory factory) {
		new StringRedisTemplate(factory).opsForValue().set("here", "yes");
		try (StatefulRedisConnection<String, String> looking = admin.connect()) {
			for (int database = 0; database < 16; database++) {
				looking.sync().select(database);
				if (looking.sync().del("here") > 0) {
					return database;
				}
			}
			return -1;
		}
	}

	private static String clientName(LettuceConnectionFactory factory) {
		try (RedisConnection connection = factory.getConnection()) {
			return connection.serverCommands().getClientName();
		}
	}

	private static int serverPort(LettuceConnectionFactory factory) {
		try (RedisConnection connection = factory.getConnection()) {
			return Integer.parseInt(connection.serverCommands().info("server").getProperty("tcp_port"));
		}
	}

	private static String converted(LettuceConnectionFactory factory) {
		try (RedisConnection connection = factory.getConnection()) {
			connection.openPipeline();
			connection.hashCommands().hGetAll("nothing".getBytes(StandardCharsets.US_ASCII));
			return connection.closePipeline().get(0).getClass().getSimpleName();
		}
	}

	private static boolean shares(LettuceConnectionFactory factory) {
		try (RedisConnection first = factory.getConnection(); RedisConnection second = factory.getConnection()) {
			return ((RedisAsyncCommands<?, ?>) first.getNativeConnection())
				.getStatefulConnection() == ((RedisAsyncCommands<?, ?>) second.getNativeConnection())
					.getStatefulConnection();
		}
	}

	private static boolean timesOut(LettuceConnectionFactory factory) {
		try (RedisConnection connection = factory.getConnection()) {
			// much longer than the timeout set here, much shorter than the default
			pauseWrites("PAUSE", "20000", "WRITE");
			connection.stringCommands()
				.set("key".getBytes(StandardCharsets.US_ASCII), "value".getBytes(StandardCharsets.US_ASCII));
			return false;
		}
		catch (RuntimeException ex) {
			return true;
		}
		finally {
			pauseWrites("UNPAUSE");
		}
	}

	private static void pauseWrites(String... arguments) {
		try (StatefulRedisConnection<String, String> connection = admin.connect()) {
			CommandArgs<String, String> args = new CommandArgs<>(StringCodec.UTF8);
			List.of(arguments).forEach(args::add);
			connection.sync().dispatch(CommandType.CLIENT, new StatusOutput<>(StringCodec.UTF8), args);
		}
	}

	private static String pipelines(LettuceConnectionFactory factory) {
		int before = Counting.opened.get();
		try (RedisConnection connection = factory.getConnection()) {
			connection.openPipeline();
			connection.ping();
			connection.closePipeline();
		}
		return "opened " + (Counting.opened.get() - before);
	}

	/**
	 * A policy that shows that it is used.
	 */
	private record Counting(PipeliningFlushPolicy policy) implements PipeliningFlushPolicy {

		static final AtomicInteger opened = new AtomicInteger();

		@Override
		public PipeliningFlushState newPipeline() {
			opened.incrementAndGet();
			return this.policy.newPipeline();
		}

	}

	@Test
	void everySettingOfTheTestBelongsToASetter() {
		assertThat(SETTINGS.keySet()).containsExactlyInAnyOrderElementsOf(setters().toList());
		assertThat(SETTINGS.keySet())
			.allSatisfy((setter) -> assertThat(Introspector.decapitalize(setter.substring(3))).isNotEmpty());
	}

}
