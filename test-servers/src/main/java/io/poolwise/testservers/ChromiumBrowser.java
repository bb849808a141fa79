package io.poolwise.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Chromium without a window, to be told what to do over its DevTools protocol.
 */
public final class ChromiumBrowser extends ProcessServer {

	private static final Pattern ADDRESS = Pattern.compile("DevTools listening on (ws://\\S+)");

	private ChromiumBrowser(ServerProcess process, int port) {
		super(process, port, "TERM", "KILL");
	}

	/**
	 * Starts a browser with a profile of its own.
	 * @return the browser, which listens
	 * @throws ServerStartException if it doesn't come up
	 * @throws ServerMissingException if there is none on this machine
	 */
	public static ChromiumBrowser launch() {
		NativeProgram program = program();
		return ServerHome.create("chromium", (home) -> {
			String profile = home.folder("profile").toString();
			return LoopbackPorts.start(0, (port) -> {
				// it runs as an unprivileged user and loads nothing but what the test
				// serves
				List<String> command = List.of(program.file().toString(), "--headless=new", "--no-sandbox",
						"--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
						"--disable-component-update", "--disable-sync", "--remote-debugging-port=" + port,
						"--user-data-dir=" + profile, "about:blank");
				ChromiumBrowser browser = new ChromiumBrowser(home.process("Chromium", command, program.environment()),
						port);
				browser.start();
				return browser;
			});
		});
	}

	private static NativeProgram program() {
		try {
			return NativeProgram.find("chromium", "usr/lib/chromium/chromium");
		}
		catch (ServerMissingException ex) {
			try {
				return NativeProgram.find("google-chrome", "usr/bin/google-chrome");
			}
			catch (ServerMissingException second) {
				throw ex;
			}
		}
	}

	/**
	 * Where the browser as a whole is spoken to.
	 * @return a WebSocket address
	 */
	public String devToolsAddress() {
		try {
			Matcher address = ADDRESS.matcher(Files.readString(log()));
			if (!address.find()) {
				throw new IllegalStateException("Chromium has not said where it listens");
			}
			return address.group(1);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	boolean isReady(ServerProcess process) {
		return process.hasLogged("DevTools listening on ws://");
	}

}
