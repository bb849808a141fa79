package io.poolwise.autoconfigure;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;

import org.postgresql.Driver;

/**
 * PostgreSQL's driver, in which statements with a given text fail with an {@link Error}.
 */
public final class FaultyDriver extends Driver {

	private static final AtomicInteger LEFT = new AtomicInteger();

	private static volatile String text = "";

	/**
	 * Has the next statements fail.
	 * @param text text that they contain
	 * @param times how many fail
	 */
	static void failAt(String text, int times) {
		FaultyDriver.text = text;
		LEFT.set(times);
	}

	static int left() {
		return Math.max(0, LEFT.get());
	}

	@Override
	public Connection connect(String url, Properties info) throws SQLException {
		Connection connection = super.connect(url, info);
		return (connection != null) ? proxy(Connection.class, connection) : null;
	}

	private static <T> T proxy(Class<T> type, T target) {
		InvocationHandler handler = (proxy, method, arguments) -> {
			boolean sql = target instanceof Statement && arguments != null && arguments[0] instanceof String;
			if (sql && ((String) arguments[0]).contains(text) && LEFT.getAndDecrement() > 0) {
				throw new InternalError("provoked at " + text);
			}
			try {
				Object result = method.invoke(target, arguments);
				return method.getName().equals("createStatement") ? proxy(Statement.class, (Statement) result) : result;
			}
			catch (InvocationTargetException ex) {
				throw ex.getCause();
			}
		};
		return type.cast(Proxy.newProxyInstance(FaultyDriver.class.getClassLoader(), new Class<?>[] { type }, handler));
	}

}
