package io.poolwise.pool.hikari;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A connection that is borrowed when it is first needed, which is after a transaction has
 * said whether it only reads. Between two transactions it can change from the one kind to
 * the other, and is borrowed anew then: JPA keeps one connection for several transactions
 * of a web request. What was set is set again. As any connection, for one thread at a
 * time.
 */
final class RoutedConnection implements InvocationHandler {

	private static final Object[] NOTHING = {};

	private final Source source;

	private final boolean defaultAutoCommit;

	private boolean autoCommit;

	private boolean readOnly;

	// by the names of their setters, in the order in which they were set
	private final Map<String, Setting> settings = new LinkedHashMap<>();

	private @Nullable Connection target;

	private boolean inTransaction;

	private boolean closed;

	private RoutedConnection(Source source, boolean autoCommit) {
		this.source = source;
		this.defaultAutoCommit = autoCommit;
		this.autoCommit = autoCommit;
	}

	/**
	 * Creates a connection that has nothing borrowed yet.
	 * @param source where to borrow
	 * @param autoCommit whether what it lends commits by itself unless told otherwise
	 * @return the connection
	 */
	static Connection of(Source source, boolean autoCommit) {
		return (Connection) Proxy.newProxyInstance(RoutedConnection.class.getClassLoader(),
				new Class<?>[] { Connection.class }, new RoutedConnection(source, autoCommit));
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
		Object[] args = (arguments != null) ? arguments : NOTHING;
		return switch (method.getName()) {
			case "equals" -> proxy == args[0];
			case "hashCode" -> System.identityHashCode(proxy);
			case "toString" ->
				"routed connection, " + ((this.target != null) ? "now " + this.target : "nothing borrowed yet");
			case "close" -> close();
			case "isClosed" -> this.closed || (this.target != null && this.target.isClosed());
			case "unwrap" -> ((Class<?>) args[0]).isInstance(proxy) ? proxy : call(method, args);
			case "isWrapperFor" -> ((Class<?>) args[0]).isInstance(proxy) || Boolean.TRUE.equals(call(method, args));
			default -> {
				requireOpen();
				yield (this.target != null) ? borrowed(method, args) : unborrowed(method, args);
			}
		};
	}

	private @Nullable Object close() throws SQLException {
		this.closed = true;
		release();
		return null;
	}

	private void requireOpen() throws SQLException {
		if (this.closed) {
			throw new SQLNonTransientConnectionException("The connection is closed", "08003");
		}
	}

	/**
	 * What can be answered without a connection is.
	 */
	private @Nullable Object unborrowed(Method method, Object[] args) throws Throwable {
		return switch (method.getName()) {
			case "setReadOnly" -> {
				this.readOnly = (boolean) args[0];
				yield null;
			}
			case "isReadOnly" -> this.readOnly;
			case "setAutoCommit" -> {
				this.autoCommit = (boolean) args[0];
				yield null;
			}
			case "getAutoCommit" -> this.autoCommit;
			case "setTransactionIsolation", "setHoldability", "setCatalog", "setSchema" -> keep(method, args);
			case "getTransactionIsolation", "getHoldability", "getCatalog", "getSchema" -> {
				Setting setting = this.settings.get("s" + method.getName().substring(1));
				yield (setting != null) ? setting.value() : call(method, args);
			}
			case "commit", "rollback" -> (args.length == 0) ? null : call(method, args);
			case "getWarnings", "clearWarnings", "beginRequest", "endRequest" -> null;
			default -> work(method, args);
		};
	}

	private @Nullable Object borrowed(Method method, Object[] args) throws Throwable {
		return switch (method.getName()) {
			case "setReadOnly" -> {
				setReadOnly(method, args);
				yield null;
			}
			case "isReadOnly" -> this.readOnly;
			case "setAutoCommit" -> {
				call(method, args);
				this.autoCommit = (boolean) args[0];
				yield null;
			}
			case "setTransactionIsolation", "setHoldability", "setCatalog", "setSchema" -> {
				call(method, args);
				yield keep(method, args);
			}
			case "commit", "rollback" -> {
				Object done = call(method, args);
				this.inTransaction &= args.length > 0;
				yield done;
			}
			case "getAutoCommit", "getTransactionIsolation", "getHoldability", "getCatalog", "getSchema", "getWarnings",
					"clearWarnings" ->
				call(method, args);
			default -> work(method, args);
		};
	}

	private @Nullable Object keep(Method method, Object[] args) {
		this.settings.put(method.getName(), new Setting(method, args[0]));
		return null;
	}

	private @Nullable Object work(Method method, Object[] args) throws Throwable {
		this.inTransaction = true;
		return call(method, args);
	}

	private void setReadOnly(Method method, Object[] args) throws Throwable {
		boolean wanted = (boolean) args[0];
		if (wanted == this.readOnly) {
			return;
		}
		if (this.inTransaction && !this.autoCommit) {
			// the driver knows best that it is too late
			call(method, args);
		}
		else {
			release();
		}
		this.readOnly = wanted;
	}

	private void release() throws SQLException {
		Connection borrowed = this.target;
		this.target = null;
		this.inTransaction = false;
		if (borrowed != null) {
			borrowed.close();
		}
	}

	private @Nullable Object call(Method method, Object[] args) throws Throwable {
		requireOpen();
		return invoke(method, target(), args);
	}

	private static @Nullable Object invoke(Method method, Connection connection, @Nullable Object... args)
			throws Throwable {
		try {
			return method.invoke(connection, args);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

	private Connection target() throws Throwable {
		Connection borrowed = this.target;
		if (borrowed == null) {
			borrowed = this.source.borrow(this.readOnly);
			boolean ready = false;
			try {
				prepare(borrowed);
				ready = true;
			}
			finally {
				if (!ready) {
					borrowed.close();
				}
			}
			this.target = borrowed;
		}
		return borrowed;
	}

	private void prepare(Connection borrowed) throws Throwable {
		for (Setting setting : this.settings.values()) {
			invoke(setting.setter(), borrowed, setting.value());
		}
		if (this.autoCommit != this.defaultAutoCommit) {
			borrowed.setAutoCommit(this.autoCommit);
		}
	}

	/**
	 * Lends connections.
	 */
	interface Source {

		/**
		 * Borrows a connection.
		 * @param readOnly whether it is for reading alone
		 * @return the connection
		 * @throws SQLException if there is none
		 */
		Connection borrow(boolean readOnly) throws SQLException;

	}

	private record Setting(Method setter, @Nullable Object value) {
	}

}
