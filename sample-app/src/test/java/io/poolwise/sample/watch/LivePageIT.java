package io.poolwise.sample.watch;

import java.time.Duration;

import io.poolwise.testservers.ChromiumBrowser;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.ActiveProfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The page of {@code /actuator/pools} in a real browser, under a strict content security
 * policy, while users are there.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "sample.traffic.enabled=true", "sample.traffic.users=3", "sample.traffic.think-time=50ms" })
@ActiveProfiles("test")
class LivePageIT {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String NUMBERS = "document.querySelector('#pools article .numbers')?.textContent ?? ''";

	private static ChromiumBrowser browser;

	@BeforeAll
	static void startBrowser() {
		browser = ChromiumBrowser.launch();
	}

	@AfterAll
	static void stopBrowser() {
		browser.close();
	}

	@Test
	void liveNumbersOnAPhoneUnderAStrictPolicyWithoutAComplaint(@LocalServerPort int port) throws Exception {
		try (BrowserPage page = new BrowserPage(browser)) {
			page.viewport(390, 844);
			page.open("http://127.0.0.1:" + port + "/actuator/pools");
			await().atMost(PATIENCE)
				.until(() -> page.value("document.querySelectorAll('#pools article').length").asInt() == 3);
			await().atMost(PATIENCE)
				.until(() -> page.value("document.querySelectorAll('#pools canvas').length").asInt() == 3);
			assertThat(page.value("document.title").asString()).isEqualTo("orders · pools");
			String first = page.value(NUMBERS).asString();
			assertThat(first).contains(" used", "told ");
			await().atMost(PATIENCE).until(() -> !page.value(NUMBERS).asString().equals(first));
			assertThat(page.value("document.documentElement.scrollWidth").asInt()).isLessThanOrEqualTo(390);
			assertThat(page.value("getComputedStyle(document.querySelector('.bar')).display").asString())
				.as("the style sheet is there")
				.isNotEqualTo("inline");
			assertThat(page.complaints()).isEmpty();
		}
	}

	@Test
	void whatThePolicyForbidsIsNoticed(@LocalServerPort int port) throws Exception {
		try (BrowserPage page = new BrowserPage(browser)) {
			page.open("http://127.0.0.1:" + port + "/actuator/pools");
			await().atMost(PATIENCE)
				.until(() -> page.value("document.querySelectorAll('#pools article').length").asInt() == 3);
			page.value(
					"document.body.append(Object.assign(document.createElement('script'), {text: 'window.broken = 1'}))");
			await().atMost(PATIENCE).until(() -> !page.complaints().isEmpty());
			assertThat(page.value("window.broken === undefined").asBoolean()).isTrue();
		}
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class StrictPolicy {

		@Bean
		Filter strictPolicy() {
			return (request, response, chain) -> {
				((HttpServletResponse) response).setHeader("Content-Security-Policy", "default-src 'self'");
				chain.doFilter(request, response);
			};
		}

	}

}
