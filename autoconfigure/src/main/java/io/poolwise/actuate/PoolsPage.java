package io.poolwise.actuate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.util.MimeType;

/**
 * The page of the endpoint {@code pools}: a document without data, and the files that it
 * names, which lie under the endpoint's own path. It refers to no other address and has
 * no inline script or style, so a Content-Security-Policy of {@code default-src 'self'}
 * suffices.
 */
final class PoolsPage {

	private static final String SCRIPT = "text/javascript";

	private static final String STYLE = "text/css";

	private static final Map<String, MimeType> FILES = Map.of("page.js", utf8(SCRIPT), "uplot.js", utf8(SCRIPT),
			"page.css", utf8(STYLE), "uplot.css", utf8(STYLE), "icon.svg", utf8("image/svg+xml"));

	private final String document;

	/**
	 * Reads the page.
	 * @param path the last part of the endpoint's path, which the files' addresses begin
	 * with
	 */
	PoolsPage(String path) {
		this.document = read("page.html").replace("{{path}}", path);
	}

	/**
	 * The page itself.
	 */
	String document() {
		return this.document;
	}

	/**
	 * A file that the page names.
	 * @param name the file's name
	 * @return the file, {@code null} if the page has none of that name
	 */
	@Nullable WebEndpointResponse<Object> file(String name) {
		MimeType type = FILES.get(name);
		return (type != null) ? new WebEndpointResponse<>(resource(name), type) : null;
	}

	private static MimeType utf8(String type) {
		return new MimeType(MimeType.valueOf(type), StandardCharsets.UTF_8);
	}

	private static Resource resource(String name) {
		return new ClassPathResource("page/" + name, PoolsPage.class);
	}

	private static String read(String name) {
		try {
			return resource(name).getContentAsString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
