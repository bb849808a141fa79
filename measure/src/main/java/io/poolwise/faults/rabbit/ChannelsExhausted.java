package io.poolwise.faults.rabbit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.RabbitGround;
import io.poolwise.faults.Trial;

/**
 * More callers than channels.
 */
final class ChannelsExhausted extends FaultScenario<RabbitGround> {

	ChannelsExhausted() {
		super("20 callers hold channels of a connection that may have 6",
				() -> RabbitGround.start((builder) -> builder.channelMax(6)));
	}

	@Override
	public void play(Trial trial, RabbitGround ground) throws Exception {
		trial.start(1);
		trial.fault(() -> {
			trial.callers(20, (beans) -> beans.rabbit().execute((channel) -> {
				TimeUnit.MILLISECONDS.sleep(30);
				return channel.isOpen();
			}));
			trial.pass(Duration.ofSeconds(8));
		});
		trial.pass(Duration.ofSeconds(4));
	}

}
