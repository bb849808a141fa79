package io.poolwise.testservers;

/**
 * Thrown when a server's program is not on this machine. The message names the server and
 * says how to get it.
 */
public class ServerMissingException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	ServerMissingException(String server, String remedy) {
		super(server + " is not on this machine: " + remedy);
	}

}
