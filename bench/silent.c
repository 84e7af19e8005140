/*
 * silent COUNT ADDRESS PORT: connects COUNT times, says nothing, and holds
 * the connections until standard input ends. Prints how many were made.
 */
#include <err.h>
#include <netdb.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/num.h"

#define COUNT_MAX 1000

int
main(int argc, char **argv)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *to;
	uint32_t count, made = 0;
	char c;

	if (argc != 4 ||
	    num_parse(&count, argv[1], strlen(argv[1]), 1, COUNT_MAX) != 0)
		errx(64, "usage: silent COUNT ADDRESS PORT");
	if (getaddrinfo(argv[2], argv[3], &hints, &to) != 0)
		errx(1, "%s: no such address", argv[2]);
	for (uint32_t i = 0; i < count; i++) {
		int fd = socket(to->ai_family, SOCK_STREAM, 0);

		if (fd < 0)
			err(1, "socket");
		made += connect(fd, to->ai_addr, to->ai_addrlen) == 0;
	}
	printf("%u\n", made);
	fflush(stdout);
	while (read(0, &c, 1) > 0)
		continue;
	freeaddrinfo(to);
	return 0;
}
