package io.poolwise.lease.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.poolwise.lease.LeaseCommand;
import io.poolwise.lease.LeaseCommand.CloseGate;
import io.poolwise.lease.LeaseCommand.GrantConnect;
import io.poolwise.lease.LeaseCommand.HandOut;
import io.poolwise.lease.LeaseCommand.OpenGate;
import io.poolwise.lease.LeaseCommand.RefuseConnect;
import io.poolwise.lease.LeaseCommand.Report;
import io.poolwise.lease.LeaseCommand.Resize;
import io.poolwise.lease.LeaseCommand.Retire;
import io.poolwise.lease.LeaseEvent;
import io.poolwise.lease.LeaseEvent.ConnectFenced;
import io.poolwise.lease.LeaseMember;

/**
 * Who carries out which command: whoever brought the event, the pools, or the
 * coordinator.
 */
final class CommandRoutes {

	private final PortCalls port;

	private final Consumer<LeaseCommand> coordinator;

	CommandRoutes(PortCalls port, Consumer<LeaseCommand> coordinator) {
		this.port = port;
		this.coordinator = coordinator;
	}

	/**
	 * Sends the commands of a step on their way, in order. Called under the monitor.
	 * @param step what became of the event
	 * @param event the event
	 * @return those that are answers to whoever brought the event
	 */
	List<LeaseCommand> send(LeaseMember.Step step, LeaseEvent event) {
		List<LeaseCommand> answers = new ArrayList<>();
		for (LeaseCommand command : step.commands()) {
			if (answers(command, event)) {
				answers.add(command);
			}
			else if (command instanceof OpenGate || command instanceof CloseGate || command instanceof Resize
					|| command instanceof LeaseCommand.Close || command instanceof Retire
					|| command instanceof Report) {
				this.port.add(command, step.state());
			}
			else {
				this.coordinator.accept(command);
			}
		}
		return answers;
	}

	private static boolean answers(LeaseCommand command, LeaseEvent event) {
		return command instanceof GrantConnect || command instanceof RefuseConnect || command instanceof HandOut
				|| (command instanceof LeaseCommand.Close close && event instanceof ConnectFenced fenced
						&& close.session().equals(fenced.session()));
	}

}
