package io.poolwise.sample.watch;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

import io.poolwise.testservers.PrometheusServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.awaitility.Awaitility.await;

/**
 * The alerts of a Prometheus, as its HTTP API tells them.
 */
final class Alerts {

	private final JsonMapper json = new JsonMapper();

	private final PrometheusServer prometheus;

	private final Duration patience;

	/**
	 * Looks at a server's alerts.
	 * @param prometheus the server
	 * @param patience how long to wait for an alert to come or go
	 */
	Alerts(PrometheusServer prometheus, Duration patience) {
		this.prometheus = prometheus;
		this.patience = patience;
	}

	/**
	 * The alerts that are pending or fire now.
	 * @return the state of each by its name and pool, such as {@code PoolDown primary}
	 */
	Map<String, String> active() {
		Map<String, String> active = new TreeMap<>();
		all().forEach((alert) -> active.put(
				(alert.at("/labels/alertname").asString() + " " + alert.at("/labels/pool").asString("")).strip(),
				alert.path("state").asString()));
		return active;
	}

	/**
	 * Waits until an alert fires.
	 * @param alert its name and pool
	 * @return how long that took
	 */
	Duration awaitFiring(String alert) {
		long begin = System.nanoTime();
		await(alert + " fires").atMost(this.patience)
			.pollInterval(Duration.ofMillis(200))
			.until(() -> "firing".equals(active().get(alert)));
		return Duration.ofNanos(System.nanoTime() - begin);
	}

	/**
	 * Waits until an alert is resolved: neither firing nor pending.
	 * @param alert its name and pool
	 * @return how long that took
	 */
	Duration awaitResolved(String alert) {
		long begin = System.nanoTime();
		await(alert + " is resolved").atMost(this.patience)
			.pollInterval(Duration.ofMillis(200))
			.until(() -> !active().containsKey(alert));
		return Duration.ofNanos(System.nanoTime() - begin);
	}

	/**
	 * Whether an alert was ever in a state, as Prometheus has recorded it: a state that
	 * is over within a moment can't be missed.
	 * @param name the alert's name
	 * @param state {@code pending} or {@code firing}
	 */
	boolean was(String name, String state) {
		String series = "ALERTS{alertname=\"" + name + "\",alertstate=\"" + state + "\"}";
		return this.json.readTree(this.prometheus.query("count_over_time(" + series + "[1h])"))
			.at("/data/result")
			.size() > 0;
	}

	/**
	 * What a firing alert tells whoever is called.
	 * @param name the alert's name
	 * @return its summary
	 */
	String summary(String name) {
		for (JsonNode alert : all()) {
			if (alert.at("/labels/alertname").asString().equals(name)) {
				return alert.at("/annotations/summary").asString();
			}
		}
		return "";
	}

	private JsonNode all() {
		return this.json.readTree(this.prometheus.alerts()).at("/data/alerts");
	}

}
