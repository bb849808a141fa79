package io.poolwise.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application that answers over HTTP on a free port, asked as a program would.
 */
final class HttpApplication implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	// a reactive application has one server, the test's class path two
	private static final String TOMCAT = "org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration,"
			+ "org.springframework.boot.tomcat.autoconfigure.actuate.web.server.TomcatReactiveManagementContextAutoConfiguration";

	private final ConfigurableApplicationContext context;

	private final HttpClient client = HttpClient.newHttpClient();

	private HttpApplication(ConfigurableApplicationContext context) {
		this.context = context;
	}

	static HttpApplication run(WebApplicationType type, List<String> properties, Class<?>... more) {
		List<Class<?>> sources = new ArrayList<>(List.of(more));
		sources.add(TestApplication.Automatic.class);
		sources.add(Users.class);
		List<String> arguments = new ArrayList<>();
		arguments.add("--server.port=0");
		arguments.add("--server.address=127.0.0.1");
		arguments.add("--spring.main.banner-mode=off");
		if (type == WebApplicationType.REACTIVE) {
			arguments.add("--spring.autoconfigure.exclude=" + TOMCAT);
		}
		properties.forEach((property) -> arguments.add("--" + property));
		return new HttpApplication(new SpringApplicationBuilder(sources.toArray(Class<?>[]::new)).web(type)
			.registerShutdownHook(false)
			.run(arguments.toArray(String[]::new)));
	}

	ConfigurableApplicationContext context() {
		return this.context;
	}

	/**
	 * Asks the application's own port.
	 */
	HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
		return get("local.server.port", path, headers);
	}

	/**
	 * Asks the port of the endpoints.
	 */
	HttpResponse<String> manage(String path, String... headers) throws IOException, InterruptedException {
		boolean apart = this.context.getEnvironment().containsProperty("local.management.port");
		return get(apart ? "local.management.port" : "local.server.port", path, headers);
	}

	private HttpResponse<String> get(String port, String path, String... headers)
			throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest
			.newBuilder(URI.create("http://127.0.0.1:" + this.context.getEnvironment().getProperty(port) + path))
			.timeout(PATIENCE);
		if (headers.length > 0) {
			request.headers(headers);
		}
		return this.client.send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	JsonNode json(String path, String... headers) throws IOException, InterruptedException {
		return JsonMapper.shared().readTree(manage(path, headers).body());
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * Who says in a header who they are is believed.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	static class Users {

		@Bean
		Filter users() {
			return (request, response, chain) -> {
				String user = ((HttpServletRequest) request).getHeader("X-User");
				chain.doFilter((user != null) ? new HttpServletRequestWrapper((HttpServletRequest) request) {

					@Override
					public Principal getUserPrincipal() {
						return () -> user;
					}

				} : request, response);
			};
		}

	}

}
