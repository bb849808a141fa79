package io.poolwise.pool.rabbit;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

import io.poolwise.pool.PoolFixture;
import io.poolwise.pool.PoolSize;
import com.rabbitmq.client.Channel;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.RabbitUtils;

/**
 * A connection factory, sized, over a real broker, in a virtual host of its own.
 */
final class GovernedRabbit implements PoolFixture {

	private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();

	private final CachingConnectionFactory factory;

	private final RabbitManagedPool pool;

	GovernedRabbit(PoolSize size, Duration acquireTimeout, Consumer<CachingConnectionFactory> settings) {
		this(RabbitBroker.get().connectionFactory(RabbitBroker.get().newVhost(), "guest"), size, acquireTimeout,
				settings);
	}

	GovernedRabbit(CachingConnectionFactory factory, PoolSize size, Duration acquireTimeout,
			Consumer<CachingConnectionFactory> settings) {
		this.factory = factory;
		settings.accept(this.factory);
		this.pool = RabbitManagedPool.sizing("orders", this.factory, acquireTimeout, null, this.executor);
		this.pool.resize(size);
		this.factory.afterPropertiesSet();
	}

	@Override
	public RabbitManagedPool pool() {
		return this.pool;
	}

	CachingConnectionFactory factory() {
		return this.factory;
	}

	@Override
	public Borrowed borrow() {
		Connection connection = factory().createConnection();
		try {
			return new BorrowedChannel(connection, connection.createChannel(false));
		}
		catch (RuntimeException ex) {
			connection.close();
			throw ex;
		}
	}

	@Override
	public int serverConnections() {
		return RabbitBroker.get().channels();
	}

	@Override
	public void close() {
		this.factory.destroy();
		this.executor.shutdownNow();
	}

	private record BorrowedChannel(Connection connection, Channel channel) implements Borrowed {

		@Override
		public void work(Duration time) throws Exception {
			long end = System.nanoTime() + time.toNanos();
			do {
				this.channel.exchangeDeclarePassive("amq.direct");
			}
			while (System.nanoTime() < end);
		}

		@Override
		public void close() {
			RabbitUtils.closeChannel(this.channel);
			this.connection.close();
		}

	}

}
