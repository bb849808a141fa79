package io.poolwise.testservers;

/**
 * A program that starts servers, prints their ports and waits to be killed.
 */
final class ServerHolder {

	private ServerHolder() {
	}

	public static void main(String[] args) throws InterruptedException {
		PostgresServer postgres = PostgresServer.builder().start();
		RedisServer redis = RedisServer.builder().start();
		RabbitServer rabbit = RabbitServer.builder().start();
		PrometheusServer prometheus = PrometheusServer.builder().start();
		ChromiumBrowser chromium = ChromiumBrowser.launch();
		System.out.println("ports " + postgres.port() + " " + redis.port() + " " + rabbit.port() + " "
				+ prometheus.port() + " " + chromium.port() + " " + postgres.log().getParent().getParent());
		if (args[0].equals("wait")) {
			Thread.currentThread().join();
		}
	}

}
