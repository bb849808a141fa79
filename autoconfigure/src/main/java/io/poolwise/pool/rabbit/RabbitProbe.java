package io.poolwise.pool.rabbit;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import io.poolwise.pool.ServerProbe;

import org.springframework.amqp.rabbit.connection.RabbitUtils;

/**
 * Finds out whether the broker is there, without ever waiting for the pool: over a
 * channel that is idle or may still be opened; with none, by the fact that channels come
 * back; else over one short-lived connection.
 */
final class RabbitProbe {

	private static final Duration RECENT = Duration.ofSeconds(5);

	/**
	 * Exists in each virtual host; whether it does may be asked by everybody.
	 */
	private static final String EXCHANGE = "amq.direct";

	private final ChannelPool channels;

	private final BareConnection bare;

	private final BrokerQuestions<Boolean> questions = new BrokerQuestions<>(this::ask);

	private final LongSupplier nanos;

	RabbitProbe(ChannelPool channels, BareConnection bare, LongSupplier nanos) {
		this.channels = channels;
		this.bare = bare;
		this.nanos = nanos;
	}

	ServerProbe probe(Duration timeout, boolean nothingFree) {
		Duration lastUse = this.channels.sinceLastUse();
		if (nothingFree && this.channels.isFull() && lastUse != null && lastUse.compareTo(RECENT) <= 0) {
			return new ServerProbe.Busy(lastUse);
		}
		long start = this.nanos.getAsLong();
		try {
			this.questions.ask(timeout);
			return new ServerProbe.Answered(Duration.ofNanos(this.nanos.getAsLong() - start));
		}
		catch (TimeoutException ex) {
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

	private Boolean ask() throws IOException, TimeoutException {
		Channel channel = this.channels.idle().takeFreeOrNew(this.channels);
		return (channel != null) ? ask(channel) : this.bare.ask((connection) -> Boolean.TRUE);
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
