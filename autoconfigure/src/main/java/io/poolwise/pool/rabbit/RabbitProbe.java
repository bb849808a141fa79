package io.poolwise.pool.rabbit;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import io.poolwise.pool.ServerProbe;

import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.RabbitUtils;

/**
 * Finds out whether the broker is there, without ever waiting for the pool: over a
 * channel that is idle, else over one short-lived connection.
 */
final class RabbitProbe {

	/**
	 * Exists in each virtual host; whether it does may be asked by everybody.
	 */
	private static final String EXCHANGE = "amq.direct";

	private final ChannelCounter counter;

	private final BareConnection bare;

	private final BrokerQuestions<Boolean> overIdle = new BrokerQuestions<>(this::askOverIdle);

	private final BrokerQuestions<Boolean> aside = new BrokerQuestions<>(this::askAside);

	RabbitProbe(ChannelCounter counter, BareConnection bare) {
		this.counter = counter;
		this.bare = bare;
	}

	ServerProbe probe(Duration timeout) {
		BrokerQuestions<Boolean> question = (this.counter.counts().free() > 0) ? this.overIdle : this.aside;
		return probe(question, timeout);
	}

	private ServerProbe probe(BrokerQuestions<Boolean> question, Duration timeout) {
		long start = System.nanoTime();
		try {
			question.ask(timeout);
			return new ServerProbe.Answered(Duration.ofNanos(System.nanoTime() - start));
		}
		catch (TimeoutException ex) {
			if (question == this.overIdle && this.counter.counts().free() == 0) {
				// borrowers were faster
				return probe(this.aside, timeout);
			}
			return new ServerProbe.Failed("no answer within " + timeout.toMillis() + " ms");
		}
		catch (ExecutionException ex) {
			return new ServerProbe.Failed(Failures.describe(ex.getCause()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return new ServerProbe.Failed("interrupted");
		}
	}

	private Boolean askAside() throws IOException, TimeoutException {
		return this.bare.ask((connection) -> Boolean.TRUE);
	}

	private Boolean askOverIdle() throws IOException, TimeoutException {
		List<Connection> connections = this.counter.connections();
		for (Connection connection : connections) {
			if (this.counter.idle(connection) > 0) {
				return ask(connection.createChannel(false));
			}
		}
		return askAside();
	}

	private static Boolean ask(Channel channel) throws IOException {
		try {
			channel.exchangeDeclarePassive(EXCHANGE);
			return Boolean.TRUE;
		}
		catch (IOException ex) {
			if (ex.getCause() instanceof ShutdownSignalException signal && !signal.isHardError()) {
				// refused, but answered
				return Boolean.TRUE;
			}
			throw ex;
		}
		finally {
			RabbitUtils.closeChannel(channel);
		}
	}

}
