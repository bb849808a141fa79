package io.poolwise.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Has a RabbitMQ node answer each connect to a port of its own with the number of
 * channels that it has at this moment: the numbers of its management API are seconds old,
 * and its command line tool takes a second to start.
 */
final class ChannelCounter {

	private static final String PROGRAM = """
			Caller = self(),
			spawn(fun() ->
			  {ok, Listen} = gen_tcp:listen(0, [binary, {ip, {127, 0, 0, 1}}, {active, false}, {backlog, 50}]),
			  {ok, Port} = inet:port(Listen),
			  Caller ! {port, Port},
			  Serve = fun(Again) ->
			    {ok, Socket} = gen_tcp:accept(Listen),
			    gen_tcp:send(Socket, integer_to_list(ets:info(channel_created, size))),
			    gen_tcp:close(Socket),
			    Again(Again)
			  end,
			  Serve(Serve)
			end),
			receive {port, Port} -> Port after 5000 -> none end.
			""";

	private static final int PATIENCE_MILLIS = 20_000;

	private final int port;

	private ChannelCounter(int port) {
		this.port = port;
	}

	static ChannelCounter in(RabbitServer server) {
		return new ChannelCounter(Integer.parseInt(server.ctl("eval", PROGRAM).strip()));
	}

	int count() {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(PATIENCE_MILLIS);
			return Integer.parseInt(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
