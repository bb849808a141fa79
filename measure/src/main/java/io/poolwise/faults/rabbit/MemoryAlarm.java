package io.poolwise.faults.rabbit;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.RabbitGround;
import io.poolwise.faults.Trial;

/**
 * Blocked connections.
 */
final class MemoryAlarm extends FaultScenario<RabbitGround> {

	MemoryAlarm() {
		super("the memory alarm blocks publishers for 8 s", RabbitGround::start);
	}

	@Override
	public void play(Trial trial, RabbitGround ground) throws Exception {
		trial.start(1);
		trial.callers(6, ground.publish());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			ground.process().ctl("set_vm_memory_high_watermark", "absolute", "1");
			trial.pass(Duration.ofSeconds(8));
			ground.process().ctl("set_vm_memory_high_watermark", "0.4");
		});
		trial.settle(Duration.ofSeconds(40));
	}

}
