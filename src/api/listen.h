#ifndef API_LISTEN_H
#define API_LISTEN_H

/*
 * What engine and listener say to each other, in packets (base/frame.h).
 * For each client the listener makes a socket pair: one end goes to the
 * engine, the other is the session's. On it runs the API (api/api.h): first
 * "auth", then whatever the shell asks, as the identity that "auth" fixed.
 */
enum listen_type {
	/* engine to listener, at the start and when the file changes */
	LISTEN_AT = 1, /* an address (none: nowhere), u16 port */
	/* listener to engine, with the engine's end of the pair (a stream) */
	LISTEN_CLIENT, /* an address: where it is from */
};

#endif
