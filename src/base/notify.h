#ifndef BASE_NOTIFY_H
#define BASE_NOTIFY_H

/* Tells systemd "READY=1" where it asks for it (sd_notify(3)). */
void notify_ready(void);

#endif
