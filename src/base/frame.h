#ifndef BASE_FRAME_H
#define BASE_FRAME_H

#include <stdint.h>

#include "base/pack.h"

/*
 * Typed messages between our own processes. On a stream (a bufferevent) each
 * has a header of two u32, type and length of its body; on a SOCK_SEQPACKET
 * socket the packet is a u32 type and the body, with at most one descriptor.
 */
#define FRAME_MAX  (16U << 20) /* a plan of 1,000 tunnels takes 0.5 MB */
#define PACKET_MAX 4096

struct bufferevent;
struct evbuffer;

/* Queues a frame; `body` (may be NULL) is copied. 0 or FAULT_SYSTEM. */
int frame_send(struct bufferevent *to, uint32_t type, const struct pack *body);

/*
 * Looks for a whole frame at the head of `in`. 1: *type and *body are set,
 * and frame_drop must be called when done with them. 0: wait for more.
 * FAULT_INVALID: the other side broke the protocol; drop the connection.
 */
int frame_peek(struct evbuffer *in, uint32_t *type, struct unpack *body);
void frame_drop(struct evbuffer *in);

/*
 * Sends a packet and a copy of descriptor `fd` (-1: none). 0, FAULT_AWAY when
 * the other side is gone, FAULT_LIMIT when its queue is full, FAULT_SYSTEM.
 */
int packet_send(int sock, uint32_t type, const struct pack *body, int fd);

/*
 * Receives a packet into buf[0..PACKET_MAX). 1: got one; *fd is a descriptor
 * the caller owns (close-on-exec), or -1. 0: none waits. FAULT_AWAY at the
 * end; FAULT_INVALID for a packet that is too long or too short.
 */
int packet_recv(int sock, uint8_t buf[PACKET_MAX], uint32_t *type,
    struct unpack *body, int *fd);

#endif
