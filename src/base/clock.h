#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Microseconds that only go forward, for spans of time. */
int64_t clock_mono_us(void);

/* Milliseconds since 1970, for a person. */
int64_t clock_now_ms(void);

#endif
