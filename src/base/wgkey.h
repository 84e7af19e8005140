#ifndef BASE_WGKEY_H
#define BASE_WGKEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WGKEY_LEN      32
#define WGKEY_TEXT_MAX 45 /* 44 characters of base64 and the end */

/* A WireGuard key: Curve25519 private or public, or a preshared key. */
struct wgkey {
	uint8_t byte[WGKEY_LEN];
};

/*
 * Exactly 44 characters of RFC 4648 base64 whose unused bits are zero.
 * 0 or FAULT_INVALID; *out is untouched on failure.
 */
int wgkey_parse(struct wgkey *out, const char *text, size_t len);

/* The base64 text in buf, which is returned. */
char *wgkey_text(const struct wgkey *key, char buf[WGKEY_TEXT_MAX]);

bool wgkey_is_zero(const struct wgkey *key);
bool wgkey_equal(const struct wgkey *a, const struct wgkey *b);

/*
 * True for public keys of small order (RFC 7748, 7): no secret comes of them,
 * so WireGuard can never complete a handshake.
 */
bool wgkey_is_weak(const struct wgkey *key);

/* A new private key (clamped), a new preshared key. 0 or FAULT_SYSTEM. */
int wgkey_generate(struct wgkey *private_key);
int wgkey_generate_psk(struct wgkey *psk);

/* The public key of a private one. 0 or FAULT_SYSTEM. */
int wgkey_public(struct wgkey *public_key, const struct wgkey *private_key);

/* Overwrites the key in a way the compiler keeps. */
void wgkey_wipe(struct wgkey *key);

#endif
