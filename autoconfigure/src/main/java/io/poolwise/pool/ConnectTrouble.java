package io.poolwise.pool;

/**
 * How a pool's last attempt to connect ended.
 */
public enum ConnectTrouble {

	/**
	 * Well, or there was none.
	 */
	NONE,

	/**
	 * The server has no connection left for this role.
	 */
	SERVER_FULL,

	/**
	 * Nobody answers, or the server is starting or stopping.
	 */
	SERVER_DOWN,

	/**
	 * The server answers and refuses for another reason, such as a wrong password.
	 */
	REFUSED

}
