package io.poolwise.sample.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Ten people who log in again and again at the same time, and what the endpoint of the
 * pools says before, meanwhile and after.
 */
final class TenLogins {

	private static final int PEOPLE = 10;

	private static final Duration REST = Duration.ofSeconds(2);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final JsonMapper json = new JsonMapper();

	private final Instance instance;

	TenLogins(Instance instance) {
		this.instance = instance;
	}

	void play(Trial trial) throws Exception {
		for (int i = 0; i < PEOPLE; i++) {
			if (post("/users", i) != 201) {
				throw new IllegalStateException("nobody can sign up");
			}
		}
		JsonNode before = awaitFilled(trial);
		note(trial, "before", before);
		AtomicLong done = new AtomicLong();
		AtomicLong failed = new AtomicLong();
		long end = System.nanoTime() + trial.settings().duration().dividedBy(4).toNanos();
		ExecutorService people = Executors.newFixedThreadPool(PEOPLE);
		try {
			List<Future<?>> all = new ArrayList<>();
			for (int i = 0; i < PEOPLE; i++) {
				int person = i;
				all.add(people.submit(() -> {
					while (System.nanoTime() < end) {
						((post("/logins", person) == 201) ? done : failed).incrementAndGet();
					}
					return null;
				}));
			}
			note(trial, "during", busiest(end));
			for (Future<?> person : all) {
				person.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			}
		}
		finally {
			people.shutdownNow();
		}
		trial.pass(REST);
		note(trial, "after", pool());
		trial.value("logins", done.get());
		trial.value("failed", failed.get());
	}

	/** The pool, when its minimum is open. */
	private JsonNode awaitFilled(Trial trial) throws IOException, InterruptedException {
		long end = System.nanoTime() + PATIENCE.toNanos();
		JsonNode pool = pool();
		while (pool.path("size").asInt() < pool.path("min_size").asInt() || pool.path("used").asInt() > 0) {
			if (System.nanoTime() > end) {
				throw new IllegalStateException("the pool doesn't come to rest: " + pool);
			}
			trial.pass(Duration.ofMillis(50));
			pool = pool();
		}
		return pool;
	}

	/** Of many looks, the one at which most connections were in use. */
	private JsonNode busiest(long end) throws IOException, InterruptedException {
		JsonNode busiest = pool();
		while (System.nanoTime() < end) {
			JsonNode pool = pool();
			if (pool.path("used").asInt() > busiest.path("used").asInt()) {
				busiest = pool;
			}
		}
		return busiest;
	}

	private void note(Trial trial, String when, JsonNode pool) {
		for (String field : List.of("size", "free", "used")) {
			trial.value(when + ": " + field, pool.path(field).asInt());
		}
	}

	private JsonNode pool() throws IOException, InterruptedException {
		String body = this.instance.get("/actuator/metrics/db-pool", 200);
		if (body == null) {
			throw new IOException("no answer of the endpoint");
		}
		return this.json.readTree(body).path("primary");
	}

	private int post(String path, int person) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create(this.instance.address() + path))
			.timeout(PATIENCE)
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString("{\"name\": \"person " + person + "\"}"))
			.build();
		HttpResponse<String> answer = this.client.send(request, BodyHandlers.ofString());
		return answer.statusCode();
	}

}
