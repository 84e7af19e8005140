#ifndef BASE_PATHS_H
#define BASE_PATHS_H

#define PATHS_MAX 256

/* Where everything lies, below one root ("" for the machine's own). */
struct paths {
	char network[PATHS_MAX]; /* etc/meetme/network.yaml */
	char key[PATHS_MAX]; /* etc/meetme/wg.key, the POP's private key */
	char conf_dir[PATHS_MAX]; /* etc/meetme: the operator's files */
	char registry[PATHS_MAX]; /* var/lib/meetme/registry */
	char sync_dir[PATHS_MAX]; /* var/lib/meetme/sync: a clone of it */
	char state_dir[PATHS_MAX]; /* var/lib/meetme/engine */
	char store[PATHS_MAX]; /* var/lib/meetme/engine/store.db */
	char ssh_dir[PATHS_MAX]; /* var/lib/meetme/ssh: host keys */
	char run_dir[PATHS_MAX]; /* run/meetme */
	char control[PATHS_MAX]; /* run/meetme/control.sock */
	char bird_conf[PATHS_MAX]; /* etc/bird/bird.conf, the operator's */
	char bird_dir[PATHS_MAX]; /* etc/bird/meetme, ours */
	char bird_control[PATHS_MAX]; /* run/bird/bird.ctl */
};

/* Fills *out. 0, or -ENAMETOOLONG for a root that is too long. */
int paths_init(struct paths *out, const char *root);

#endif
