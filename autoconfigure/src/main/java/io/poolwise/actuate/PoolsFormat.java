package io.poolwise.actuate;

import org.springframework.boot.actuate.endpoint.Producible;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/**
 * What the endpoint {@code pools} answers with: JSON for programs, a page for people. The
 * last constant that a caller accepts wins, so a browser gets the page.
 */
enum PoolsFormat implements Producible<PoolsFormat> {

	/** What a caller gets who takes anything. */
	ACTUATOR_JSON("application/vnd.spring-boot.actuator.v3+json") {

		@Override
		public boolean isDefault() {
			return true;
		}

	},

	/** The same, by its common name. */
	JSON("application/json"),

	/** The page that shows the JSON. */
	HTML("text/html");

	private final String mimeType;

	PoolsFormat(String mimeType) {
		this.mimeType = mimeType;
	}

	@Override
	public MimeType getProducedMimeType() {
		return MimeTypeUtils.parseMimeType(this.mimeType);
	}

}
