package io.poolwise.sample.traffic;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * One user of the shop: looks at the products, then orders, looks things up and now and
 * then asks for the report. Reorders what was sold out. One request at a time, so not
 * thread-safe; {@code next} and {@code saw} take turns.
 */
final class Visitor {

	private static final int DELIVERY = 500;

	private final URI base;

	private final Duration timeout;

	private final JsonMapper json;

	private final Random random;

	private final Queue<String> deliveries = new ArrayDeque<>();

	private List<String> skus = List.of();

	private List<String> ordered = List.of();

	private @Nullable String lastOrder;

	Visitor(URI base, Duration timeout, JsonMapper json, Random random) {
		this.base = base;
		this.timeout = timeout;
		this.json = json;
		this.random = random;
	}

	/**
	 * What this user does next.
	 * @return the request
	 */
	HttpRequest next() {
		String wanted = this.deliveries.poll();
		if (wanted != null) {
			return post("/deliveries", Map.of("sku", wanted, "quantity", DELIVERY));
		}
		if (this.skus.isEmpty()) {
			return get("/products");
		}
		int dice = this.random.nextInt(100);
		if (dice < 50) {
			return order();
		}
		if (dice < 70) {
			return get("/orders?limit=20");
		}
		if (dice < 90 && this.lastOrder != null) {
			return get(this.lastOrder);
		}
		return get("/report");
	}

	/**
	 * Remember what the answer said.
	 * @param answer the answer to the request of the last {@code next}
	 */
	void saw(HttpResponse<String> answer) {
		String path = answer.request().uri().getPath();
		if (path.endsWith("/products") && answer.statusCode() == 200) {
			this.skus = this.json.readTree(answer.body())
				.valueStream()
				.map((node) -> node.path("sku").asString())
				.toList();
		}
		else if (answer.statusCode() == 409) {
			this.deliveries.addAll(this.ordered);
		}
		else {
			answer.headers()
				.firstValue("Location")
				.ifPresent((location) -> this.lastOrder = "/orders" + location.substring(location.lastIndexOf('/')));
		}
	}

	private HttpRequest order() {
		Map<String, Integer> basket = new LinkedHashMap<>();
		int size = 1 + this.random.nextInt(3);
		while (basket.size() < Math.min(size, this.skus.size())) {
			basket.put(this.skus.get(this.random.nextInt(this.skus.size())), 1 + this.random.nextInt(3));
		}
		this.ordered = List.copyOf(basket.keySet());
		List<Map<String, Object>> lines = new ArrayList<>();
		basket.forEach((sku, quantity) -> lines.add(Map.of("sku", sku, "quantity", quantity)));
		return post("/orders", Map.of("customer", "visitor " + this.random.nextInt(1000), "lines", lines));
	}

	private HttpRequest get(String path) {
		return request(path).GET().build();
	}

	private HttpRequest post(String path, Object body) {
		return request(path).header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(this.json.writeValueAsString(body)))
			.build();
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create(this.base + path)).timeout(this.timeout);
	}

}
