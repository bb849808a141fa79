package io.poolwise.sample;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A customer's view of a running sample: plain HTTP and JSON, nothing of the sample's
 * own.
 */
public final class Shop {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final JsonMapper json = new JsonMapper();

	private final URI base;

	public Shop(int port) {
		this.base = URI.create("http://localhost:" + port);
	}

	public static String order(String... lines) {
		return "{\"customer\": \"Kim\", \"lines\": [" + String.join(", ", lines) + "]}";
	}

	public static String line(String sku, int quantity) {
		return "{\"sku\": \"%s\", \"quantity\": %d}".formatted(sku, quantity);
	}

	public HttpResponse<String> get(String path) throws IOException, InterruptedException {
		return this.client.send(request(path).build(), BodyHandlers.ofString());
	}

	public HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
		return this.client.send(posting(path, body), BodyHandlers.ofString());
	}

	/**
	 * Post several bodies at the same time.
	 * @return the status codes
	 */
	public List<Integer> postAll(String path, int count, IntFunction<String> body) {
		List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, count)
			.mapToObj((i) -> this.client.sendAsync(posting(path, body.apply(i)), BodyHandlers.ofString()))
			.toList();
		return answers.stream().map((answer) -> answer.join().statusCode()).toList();
	}

	public CompletableFuture<HttpResponse<String>> getLater(String path) {
		return this.client.sendAsync(request(path).build(), BodyHandlers.ofString());
	}

	public JsonNode json(HttpResponse<String> answer) {
		return this.json.readTree(answer.body());
	}

	private HttpRequest posting(String path, String body) {
		return request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)).build();
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(this.base.resolve(path)).timeout(TIMEOUT);
	}

}
