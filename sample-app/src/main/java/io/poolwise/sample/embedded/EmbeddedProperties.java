package io.poolwise.sample.embedded;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the embedded servers.
 *
 * @param postgres settings of the embedded PostgreSQL
 * @param redis settings of the embedded Redis
 * @param broker settings of the embedded AMQP broker
 */
@ConfigurationProperties("sample.embedded")
public record EmbeddedProperties(@DefaultValue Postgres postgres, @DefaultValue Redis redis,
		@DefaultValue Broker broker) {

	/**
	 * Settings of the embedded PostgreSQL.
	 *
	 * @param version its major version
	 * @param port its port, 0 for any free one
	 * @param maxConnections how many connections it grants, including the few it reserves
	 */
	public record Postgres(@DefaultValue("18") int version, @DefaultValue("0") int port,
			@DefaultValue("100") int maxConnections) {
	}

	/**
	 * Settings of the embedded Redis.
	 *
	 * @param port its port, 0 for any free one
	 * @param maxClients how many clients may be connected at once
	 */
	public record Redis(@DefaultValue("0") int port, @DefaultValue("10000") int maxClients) {
	}

	/**
	 * Settings of the embedded AMQP broker.
	 *
	 * @param port its port, 0 for any free one
	 * @param channelMax how many channels a connection may have open at once
	 */
	public record Broker(@DefaultValue("0") int port, @DefaultValue("256") int channelMax) {
	}

}
