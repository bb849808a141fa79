package io.poolwise.faults;

import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What an operation uses of its application.
 *
 * @param context the running application
 */
public record Beans(ConfigurableApplicationContext context) {

	/**
	 * Returns the template of the only or primary data source.
	 * @return Boot's bean
	 */
	public JdbcTemplate jdbc() {
		return this.context.getBean(JdbcTemplate.class);
	}

	/**
	 * Returns the only or primary data source.
	 * @return the pool
	 */
	public DataSource dataSource() {
		return this.context.getBean(DataSource.class);
	}

	/**
	 * Returns a data source of several.
	 * @param name the bean's name
	 * @return the pool
	 */
	public DataSource dataSource(String name) {
		return this.context.getBean(name, DataSource.class);
	}

	/**
	 * Borrows a connection of the only or primary data source.
	 * @return the borrowed connection
	 * @throws SQLException if there is none in time
	 */
	public Connection connection() throws SQLException {
		return dataSource().getConnection();
	}

	/**
	 * Runs a query that returns one row, and ignores it.
	 * @param sql the query
	 */
	public void query(String sql) {
		jdbc().query(sql, (row) -> {
		});
	}

	/**
	 * Returns the template of the Redis pool.
	 * @return Boot's bean
	 */
	public StringRedisTemplate redis() {
		return this.context.getBean(StringRedisTemplate.class);
	}

	/**
	 * Returns the template of the RabbitMQ pool.
	 * @return Boot's bean
	 */
	public RabbitTemplate rabbit() {
		return this.context.getBean(RabbitTemplate.class);
	}

}
