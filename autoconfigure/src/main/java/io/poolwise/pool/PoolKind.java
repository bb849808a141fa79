package io.poolwise.pool;

import java.util.Locale;

/**
 * What a pool holds: sessions of a database, connections to Redis, or channels of a
 * RabbitMQ connection.
 */
public enum PoolKind {

	/**
	 * Sessions of a relational database (HikariCP).
	 */
	DATABASE,

	/**
	 * Connections to Redis (Lettuce).
	 */
	REDIS,

	/**
	 * Channels of RabbitMQ connections (Spring AMQP).
	 */
	RABBIT;

	/**
	 * The name that property keys, meters and JSON use.
	 * @return {@code database}, {@code redis} or {@code rabbit}
	 */
	public String id() {
		return name().toLowerCase(Locale.ROOT);
	}

}
