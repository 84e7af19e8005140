#ifndef PROVISION_PROVISION_H
#define PROVISION_PROVISION_H

#include <stdbool.h>
#include <stdio.h>

#include "provision/describe.h"

/*
 * What turns a fresh Debian 12 into a POP, in four formats. All say the same
 * (describe.h) and nothing of their own: packages first, then files, then
 * commands. The same value gives the same bytes. 0, or a negative errno.
 */

/* User data, "#cloud-config", for the first boot. */
int render_cloud_init(FILE *f, const struct provision *p);

/* POSIX sh, to be run as root, and again after a change. */
int render_script(FILE *f, const struct provision *p);

/* A playbook for that one POP, and an inventory of all POPs. */
int render_playbook(FILE *f, const struct provision *p);
int render_inventory(FILE *f, const struct network *net);

/*
 * Terraform, in its JSON syntax: a machine at one of the places, which is
 * given render_cloud_init() and, where the place has them, a security group
 * with the ports of the firewall.
 */
enum provision_place { PLACE_AWS, PLACE_SCALEWAY, PLACE_LIBVIRT };
#define PROVISION_PLACES "aws, scaleway and libvirt"

/* -1 for a name that is none. */
int provision_place(const char *name);
/* Does it take user data of any size? */
bool provision_place_is_roomy(enum provision_place place);
int render_terraform(
    FILE *f, const struct provision *p, enum provision_place place);

#endif
