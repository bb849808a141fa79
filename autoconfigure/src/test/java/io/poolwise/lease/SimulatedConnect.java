package io.poolwise.lease;

import io.poolwise.lease.LeaseEvent.ConnectFailed;
import io.poolwise.lease.LeaseEvent.ConnectFenced;
import io.poolwise.lease.LeaseEvent.ConnectUnknown;
import io.poolwise.lease.LeaseEvent.Tick;
import io.poolwise.lease.SimulatedServer.Epoch;
import io.poolwise.lease.SimulatedServer.Session;

/**
 * One connect of a simulated member: refused, of unknown outcome, or fenced.
 */
final class SimulatedConnect {

	private final Simulation simulation;

	private final SimulatedMember member;

	private final Epoch epoch;

	SimulatedConnect(Simulation simulation, SimulatedMember member, Epoch epoch) {
		this.simulation = simulation;
		this.member = member;
		this.epoch = epoch;
	}

	void begin(Grant grant) {
		SimulatedServer server = this.simulation.server;
		boolean unknown = this.simulation.faultyConnect();
		int of = this.member.incarnation;
		if (unknown) {
			this.member.later(this.simulation.millis(50, 100), () -> {
				this.member.connected();
				this.member.step(new ConnectUnknown(grant));
				this.member.connect();
			});
		}
		this.simulation.after(this.simulation.millis(4, 12), () -> {
			if (this.simulation.refusing) {
				this.member.later(0, () -> {
					if (!unknown) {
						this.member.connected();
					}
					this.member.step(unknown ? new Tick() : new ConnectFailed(grant));
				});
				return;
			}
			Session session = server.accept(this.epoch, grant.slot());
			if (unknown || of != this.member.incarnation) {
				this.member.reap(session);
				return;
			}
			this.simulation.after(this.simulation.latency(), () -> {
				boolean use = !session.gone && server.use(session, grant.slot());
				boolean own = !session.gone && server.owned(grant.slot(), grant.coordinator());
				this.simulation.after(this.simulation.latency(), () -> {
					if (of != this.member.incarnation) {
						this.member.reap(session);
						return;
					}
					this.member.connected();
					this.member
						.step(session.gone ? new ConnectFailed(grant) : new ConnectFenced(grant, session.id, use, own));
					this.member.connect();
				});
			});
		});
	}

}
