package io.poolwise.pool.lettuce;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.TimeoutOptions.TimeoutSource;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The time that each command may take: the same for all, but commands that block on the
 * server may take the time that they block for on top, and those that block for ever may
 * take for ever.
 */
final class CommandTimeouts extends TimeoutSource {

	/**
	 * How Lettuce wants to hear that a command has no timeout.
	 */
	private static final long NONE = 0;

	private final Supplier<Duration> base;

	/**
	 * Creates a source.
	 * @param base the time of commands that don't block, 0 for ever; asked for each
	 * command
	 */
	CommandTimeouts(Supplier<Duration> base) {
		this.base = base;
	}

	/**
	 * Whether these timeouts may take the place of those that a client has: not if the
	 * application said how each command is timed.
	 * @param options the client's options, as far as somebody gave it some
	 * @return whether they may
	 */
	static boolean mayReplace(Optional<ClientOptions> options) {
		return options.map((given) -> given.getTimeoutOptions().isApplyConnectionTimeout()).orElse(true);
	}

	@Override
	public TimeUnit getTimeUnit() {
		return TimeUnit.NANOSECONDS;
	}

	@Override
	public long getTimeout(RedisCommand<?, ?, ?> command) {
		long base = this.base.get().toNanos();
		if (base == NONE) {
			return NONE;
		}
		Long blocks = blockTime(command.getType().toString(), command.getArgs());
		if (blocks == null) {
			return base;
		}
		return (blocks == 0) ? NONE : base + blocks;
	}

	/**
	 * How long a command asks the server to wait.
	 * @return the time in nanoseconds, 0 for ever, {@code null} if it doesn't wait
	 */
	private static @Nullable Long blockTime(String command, @Nullable CommandArgs<?, ?> args) {
		if (args == null) {
			return null;
		}
		return switch (command.toUpperCase(Locale.ROOT)) {
			case "BLPOP", "BRPOP", "BRPOPLPUSH", "BLMOVE", "BZPOPMIN", "BZPOPMAX" -> seconds(last(arguments(args)));
			case "BLMPOP", "BZMPOP" -> seconds(arguments(args).get(0));
			case "WAIT", "WAITAOF" -> millis(last(arguments(args)));
			case "XREAD", "XREADGROUP" -> afterBlock(arguments(args));
			default -> null;
		};
	}

	private static String last(List<String> arguments) {
		return arguments.get(arguments.size() - 1);
	}

	private static @Nullable Long afterBlock(List<String> arguments) {
		for (int i = 0; i < arguments.size() - 1; i++) {
			String argument = arguments.get(i).toUpperCase(Locale.ROOT);
			if (argument.equals("BLOCK")) {
				return millis(arguments.get(i + 1));
			}
			if (argument.equals("STREAMS")) {
				return null;
			}
		}
		return null;
	}

	private static @Nullable Long seconds(String value) {
		return nanos(value, TimeUnit.SECONDS);
	}

	private static @Nullable Long millis(String value) {
		return nanos(value, TimeUnit.MILLISECONDS);
	}

	/**
	 * What is no number is for the server to complain about.
	 */
	private static @Nullable Long nanos(String value, TimeUnit unit) {
		try {
			return (long) (Double.parseDouble(value) * unit.toNanos(1));
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	/**
	 * The arguments as they go over the wire, which is the only form that Lettuce shows.
	 */
	private static List<String> arguments(CommandArgs<?, ?> args) {
		ByteBuf buffer = Unpooled.buffer();
		try {
			args.encode(buffer);
			List<String> arguments = new ArrayList<>(args.count());
			while (buffer.isReadable()) {
				int length = Integer.parseInt(line(buffer).substring(1));
				arguments.add(buffer.readCharSequence(length, StandardCharsets.UTF_8).toString());
				buffer.skipBytes(2);
			}
			return arguments;
		}
		finally {
			buffer.release();
		}
	}

	private static String line(ByteBuf buffer) {
		int length = buffer.bytesBefore((byte) '\r');
		String line = buffer.readCharSequence(length, StandardCharsets.US_ASCII).toString();
		buffer.skipBytes(2);
		return line;
	}

}
