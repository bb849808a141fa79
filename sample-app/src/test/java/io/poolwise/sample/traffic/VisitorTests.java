package io.poolwise.sample.traffic;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import javax.net.ssl.SSLSession;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Visitor}.
 */
class VisitorTests {

	private static final String PRODUCTS = "[{\"sku\": \"cocoa\"}]";

	private final Visitor visitor = new Visitor(URI.create("http://localhost:1/shop"), Duration.ofSeconds(1),
			new JsonMapper(), new Random(1));

	@Test
	void looksAtTheProductsFirst() {
		assertThat(step(500, "", Map.of())).isEqualTo("GET /shop/products");
		assertThat(step(200, PRODUCTS, Map.of())).isEqualTo("GET /shop/products");
		assertThat(this.visitor.next().uri().getPath()).isNotEqualTo("/shop/products");
	}

	@Test
	void doesEverythingSoonerOrLater() {
		step(200, PRODUCTS, Map.of());
		Set<String> done = new HashSet<>();
		for (int i = 0; i < 200; i++) {
			done.add(step(201, "", Map.of("Location", List.of("http://localhost:1/shop/orders/7"))));
		}
		assertThat(done).containsExactlyInAnyOrder("POST /shop/orders", "GET /shop/orders", "GET /shop/orders/7",
				"GET /shop/report");
	}

	@Test
	void reordersWhatWasSoldOut() {
		step(200, PRODUCTS, Map.of());
		String done = "";
		while (!done.equals("POST /shop/orders")) {
			done = step(409, "", Map.of());
		}
		assertThat(step(204, "", Map.of())).isEqualTo("POST /shop/deliveries");
		assertThat(step(200, "", Map.of())).isNotEqualTo("POST /shop/deliveries");
	}

	private String step(int status, String body, Map<String, List<String>> headers) {
		HttpRequest request = this.visitor.next();
		this.visitor.saw(new Answer(request, status, HttpHeaders.of(headers, (name, value) -> true), body));
		return request.method() + " " + request.uri().getPath();
	}

	private record Answer(HttpRequest request, int statusCode, HttpHeaders headers,
			String body) implements HttpResponse<String> {

		@Override
		public Optional<HttpResponse<String>> previousResponse() {
			return Optional.empty();
		}

		@Override
		public Optional<SSLSession> sslSession() {
			return Optional.empty();
		}

		@Override
		public URI uri() {
			return this.request.uri();
		}

		@Override
		public HttpClient.Version version() {
			return HttpClient.Version.HTTP_1_1;
		}

	}

}
