package io.poolwise.sample.load.traffic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.bodyString;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.percent;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

/**
 * The users, as Gatling runs them. What they do and how many they are comes from system
 * properties, see {@link UserProcess}.
 */
public final class UserSimulation extends Simulation {

	private static final Duration ARRIVAL = Duration.ofSeconds(5);

	private static final Duration MOST = Duration.ofMinutes(15);

	private final int users = Integer.getInteger("load.users");

	private final Duration think = Duration.ofMillis(Long.getLong("load.think"));

	private final long report = Long.getLong("load.report");

	private final int products = Integer.getInteger("load.products");

	private final AnswerRecorder recorder = new AnswerRecorder(Clock.systemUTC());

	private final AtomicBoolean silent = new AtomicBoolean(true);

	private final AnswerKind kinds = new AnswerKind();

	private final Remote remote = new Remote(this.recorder, List.of(System.getProperty("load.targets", "").split(" ")));

	public UserSimulation() {
		PopulationBuilder population = switch (Behaviour.valueOf(System.getProperty("load.behaviour"))) {
			case ORDERS -> forever(orders(), rampUsers(this.users).during(ARRIVAL));
			case LOGINS -> forever(logins(), atOnceUsers(this.users),
					constantUsersPerSec(3).during(Duration.ofSeconds(Long.getLong("load.seconds"))));
			case PUSH -> scenario("push").exec(push()).injectOpen(atOnceUsers(this.users));
		};
		setUp(population).protocols(http.shareConnections().disableWarmUp().disableCaching()).maxDuration(MOST);
	}

	private PopulationBuilder forever(ChainBuilder chain, OpenInjectionStep... arrival) {
		return scenario("users").asLongAs((session) -> !this.remote.stopped()).on(chain).injectOpen(arrival);
	}

	private ChainBuilder orders() {
		return exec(call(http("order").post(at("/orders")).body(StringBody((session) -> order())).asJson(), "id"))
			.exec(thinking())
			.doIf((session) -> session.contains("id"))
			.then(call(http("look up").get((session) -> this.remote.target() + "/orders/" + session.getString("id")),
					null))
			.exec(thinking())
			.randomSwitch()
			.on(percent(10).then(call(http("report").get(at("/report?delay=" + this.report + "ms")), null, true)));
	}

	private ChainBuilder thinking() {
		return pause(Duration.ZERO, this.think.multipliedBy(2));
	}

	private ChainBuilder logins() {
		return exec((session) -> session.set("name", UUID.randomUUID().toString()))
			.exec(call(http("sign up").post(at("/users")).body(StringBody("{\"name\": \"#{name}\"}")).asJson(), null))
			.exec(call(http("log in").post(at("/logins")).body(StringBody("{\"name\": \"#{name}\"}")).asJson(), null));
	}

	private ChainBuilder push() {
		return exec(call(http("products").get(at("/products")), null))
			.exec(call(http("orders").get(at("/orders?limit=20")), null));
	}

	private Function<Session, String> at(String path) {
		return (session) -> this.remote.target() + path;
	}

	private String order() {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		return "{\"customer\": \"Kim\", \"lines\": [{\"sku\": \"sku-%d\", \"quantity\": %d}]}"
			.formatted(random.nextInt(this.products), 1 + random.nextInt(3));
	}

	private ChainBuilder call(HttpRequestActionBuilder request, @Nullable String keep) {
		return call(request, keep, false);
	}

	/** A request, and what is noted of its answer. */
	private ChainBuilder call(HttpRequestActionBuilder request, @Nullable String keep, boolean slow) {
		HttpRequestActionBuilder checked = request.check(status().saveAs("status"))
			.checkIf((response, session) -> response.status().code() >= 400)
			.then(bodyString().saveAs("problem"));
		if (keep != null) {
			checked = checked.checkIf((response, session) -> response.status().code() < 300)
				.then(jsonPath("$." + keep).saveAs(keep));
		}
		return exec((session) -> session.removeAll("status", "problem").set("sent", System.nanoTime())).exec(checked)
			.exec((session) -> note(session, slow));
	}

	private Session note(Session session, boolean slow) {
		long now = System.nanoTime();
		long sent = session.getLong("sent");
		AnswerKind.Verdict verdict = session.contains("status")
				? this.kinds.of(session.getInt("status"), session.getString("problem")) : this.kinds.none(now - sent);
		this.recorder.record(verdict.outcome(), verdict.kind(), slow, sent, now);
		if (this.silent.compareAndSet(true, false)) {
			tellThatUsersAreHere();
		}
		return session.markAsSucceeded();
	}

	private void tellThatUsersAreHere() {
		try {
			Files.createFile(Path.of(System.getProperty("load.here")));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void before() {
		if (Boolean.getBoolean("load.measure-at-once")) {
			this.recorder.measure(System.nanoTime());
		}
	}

	@Override
	public void after() {
		this.recorder.end(System.nanoTime());
		new JsonMapper().writeValue(Path.of(System.getProperty("load.answers")), this.recorder.answers());
	}

}
