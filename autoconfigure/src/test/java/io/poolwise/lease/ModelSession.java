package io.poolwise.lease;

/**
 * One session of the model's server, from the moment that it is asked for.
 */
final class ModelSession implements Cloneable {

	enum Stage {

		/** On its way to the server. */
		ASKED,
		/** The server has it. */
		ACCEPTED,
		/** The first statement ran: {@code use} taken or not, a seat taken or not. */
		FIRST,
		/** The second statement ran: {@code own} read. */
		SECOND,
		/** Handed out, or the coordinator's. */
		LIVE

	}

	final int member;

	/** The coordinator's have none. */
	final boolean coordinator;

	/** Kills of its member since. */
	int age;

	int epoch;

	Grant grant;

	SessionId id;

	Stage stage = Stage.ASKED;

	/** Whether its client still holds it. */
	boolean attached = true;

	/** Whether the server dropped it. */
	boolean gone;

	/** Whether its client never hears of that. */
	boolean silent;

	/** Whether it is one of another server, which the name led to before. */
	boolean elsewhere;

	/** Whether its member gave it up without knowing what came of it. */
	boolean unknown;

	/** Whether it was ever handed out, seated or paid. */
	boolean settled;

	/** Whether the application gave its locks back. */
	boolean unlocked;

	/** Whether the pool was told to close it. */
	boolean retired;

	/** The demand that it announced, 0 before. */
	int announced;

	boolean first;

	boolean second;

	int own;

	int ownTwice;

	int use;

	int seat;

	ModelSession(int member, int epoch, Grant grant) {
		this.member = member;
		this.epoch = epoch;
		this.grant = grant;
		this.coordinator = grant == null;
	}

	boolean onServer() {
		return !this.gone && !this.elsewhere && this.stage != Stage.ASKED;
	}

	boolean running() {
		return !this.coordinator && this.attached && this.stage == Stage.LIVE;
	}

	void vanish(boolean silent) {
		this.gone = true;
		this.silent = silent;
		unlock();
	}

	void unlock() {
		this.own = 0;
		this.ownTwice = 0;
		this.use = 0;
		this.seat = 0;
	}

	void detach() {
		this.attached = false;
		this.retired = false;
		this.first = false;
		this.second = false;
		if (this.stage != Stage.ASKED) {
			this.stage = Stage.ACCEPTED;
		}
	}

	long key() {
		long key = this.member * 8L + this.age;
		key = key * 16 + this.epoch;
		key = key * 16 + (this.coordinator ? 0 : this.grant.slot());
		key = key * 8 + this.stage.ordinal();
		return key * 4096 + flags();
	}

	int flags() {
		int flags = this.attached ? 1 : 0;
		flags |= this.gone ? 2 : 0;
		flags |= this.silent ? 4 : 0;
		flags |= this.settled ? 8 : 0;
		flags |= this.unlocked ? 16 : 0;
		flags |= this.retired ? 32 : 0;
		flags |= (this.announced != 0) ? 64 : 0;
		flags |= this.first ? 128 : 0;
		flags |= this.second ? 256 : 0;
		flags |= this.coordinator ? 512 : 0;
		flags |= this.elsewhere ? 1024 : 0;
		flags |= this.unknown ? 2048 : 0;
		return flags;
	}

	@Override
	protected ModelSession clone() {
		try {
			return (ModelSession) super.clone();
		}
		catch (CloneNotSupportedException ex) {
			throw new AssertionError(ex);
		}
	}

}
