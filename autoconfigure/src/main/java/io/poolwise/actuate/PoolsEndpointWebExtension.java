package io.poolwise.actuate;

import java.util.Set;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.util.function.SingletonSupplier;

/**
 * The endpoint {@code pools} over HTTP, where a caller may be unknown, and may be a
 * person with a browser.
 */
@EndpointWebExtension(endpoint = PoolsEndpoint.class)
public class PoolsEndpointWebExtension {

	private static final String HISTORY = "history";

	private final PoolsEndpoint delegate;

	private final Show showDetails;

	private final SingletonSupplier<PoolsPage> page;

	/**
	 * Creates the extension.
	 * @param delegate describes the pools
	 * @param showDetails who sees more than numbers; {@link Show#WHEN_AUTHORIZED} means
	 * every caller that has signed in
	 * @param path where the endpoint lies, without the base path: {@code pools} unless
	 * mapped
	 */
	public PoolsEndpointWebExtension(PoolsEndpoint delegate, Show showDetails, String path) {
		this.delegate = delegate;
		this.showDetails = showDetails;
		this.page = SingletonSupplier.of(() -> new PoolsPage(path.substring(path.lastIndexOf('/') + 1)));
	}

	/**
	 * Describes the pools, as far as the caller may see them.
	 * @param securityContext the caller
	 * @param format what the caller prefers
	 * @return the description, or the page, which holds no data and asks for the
	 * description itself
	 */
	@ReadOperation(producesFrom = PoolsFormat.class)
	public WebEndpointResponse<Object> pools(SecurityContext securityContext, PoolsFormat format) {
		Object body = (format == PoolsFormat.HTML) ? this.page.obtain().document()
				: this.delegate.describe(this.showDetails.isShown(securityContext, Set.of()));
		return new WebEndpointResponse<>(body, format);
	}

	/**
	 * Answers what the page asks for.
	 * @param name {@code history}, the numbers of the last minutes, or one of the page's
	 * files
	 * @return the numbers or the file; 404 for any other name
	 */
	@ReadOperation(produces = { "application/json", "text/javascript", "text/css", "image/svg+xml" })
	public WebEndpointResponse<Object> part(@Selector String name) {
		if (name.equals(HISTORY)) {
			return new WebEndpointResponse<>(OperationResponseBody.of(this.delegate.history()),
					PoolsFormat.JSON.getProducedMimeType());
		}
		WebEndpointResponse<Object> file = this.page.obtain().file(name);
		return (file != null) ? file : new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
	}

}
