package io.poolwise.sample.watch;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.poolwise.testservers.ChromiumBrowser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One page of a browser, spoken to in the DevTools protocol.
 */
final class BrowserPage implements WebSocket.Listener, AutoCloseable {

	private static final long PATIENCE_SECONDS = 60;

	private final JsonMapper json = new JsonMapper();

	private final StringBuilder incoming = new StringBuilder();

	private final AtomicInteger number = new AtomicInteger();

	private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();

	private final List<String> complaints = new CopyOnWriteArrayList<>();

	private final WebSocket socket;

	private final String session;

	BrowserPage(ChromiumBrowser browser) throws Exception {
		this.socket = HttpClient.newHttpClient()
			.newWebSocketBuilder()
			.connectTimeout(Duration.ofSeconds(PATIENCE_SECONDS))
			.buildAsync(URI.create(browser.devToolsAddress()), this)
			.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
		String target = send(null, "Target.createTarget", Map.of("url", "about:blank")).path("targetId").asString();
		this.session = send(null, "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
			.path("sessionId")
			.asString();
		for (String domain : List.of("Page", "Runtime", "Log")) {
			tell(domain + ".enable", Map.of());
		}
	}

	void open(String address) throws Exception {
		tell("Page.navigate", Map.of("url", address));
	}

	void viewport(int width, int height) throws Exception {
		tell("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", true));
	}

	/**
	 * The value of a JavaScript expression in the page.
	 */
	JsonNode value(String expression) throws Exception {
		JsonNode answer = tell("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
		if (answer.has("exceptionDetails")) {
			throw new IllegalStateException(answer.path("exceptionDetails").toString());
		}
		return answer.path("result").path("value");
	}

	/**
	 * What the page complained of: errors and warnings in its console, and failures.
	 */
	List<String> complaints() {
		return this.complaints;
	}

	private JsonNode tell(String method, Map<String, ?> parameters) throws Exception {
		return send(this.session, method, parameters);
	}

	private synchronized JsonNode send(String session, String method, Map<String, ?> parameters) throws Exception {
		int id = this.number.incrementAndGet();
		CompletableFuture<JsonNode> answer = new CompletableFuture<>();
		this.answers.put(id, answer);
		Map<String, ?> message = (session != null)
				? Map.of("id", id, "method", method, "params", parameters, "sessionId", session)
				: Map.of("id", id, "method", method, "params", parameters);
		this.socket.sendText(this.json.writeValueAsString(message), true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
		JsonNode result = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
		if (result.has("error")) {
			throw new IllegalStateException(method + ": " + result.path("error"));
		}
		return result.path("result");
	}

	@Override
	public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
		this.incoming.append(data);
		if (last) {
			JsonNode message = this.json.readTree(this.incoming.toString());
			this.incoming.setLength(0);
			hear(message);
		}
		socket.request(1);
		return null;
	}

	private void hear(JsonNode message) {
		CompletableFuture<JsonNode> answer = message.has("id") ? this.answers.remove(message.path("id").asInt()) : null;
		if (answer != null) {
			answer.complete(message);
			return;
		}
		JsonNode parameters = message.path("params");
		boolean complaint = switch (message.path("method").asString("")) {
			case "Runtime.exceptionThrown" -> true;
			case "Runtime.consoleAPICalled" -> isSerious(parameters.path("type").asString());
			case "Log.entryAdded" -> isSerious(parameters.path("entry").path("level").asString());
			default -> false;
		};
		if (complaint) {
			this.complaints.add(parameters.toString());
		}
	}

	private static boolean isSerious(String level) {
		return level.equals("error") || level.equals("warning") || level.equals("assert");
	}

	@Override
	public void close() {
		this.socket.abort();
	}

}
