#include <stdio.h>

#include "provision/place.h"

/* libvirt has no security groups: the machine's own firewall is all. */

static json_t *
variables(void)
{
	return json_pack("{s:{s:s, s:s, s:s}, s:{s:s, s:s}, "
			 "s:{s:s, s:s, s:s}, s:{s:s, s:s, s:s}}",
	    "uri", "type", "string", "description", "of libvirt", "default",
	    "qemu:///system", "image", "type", "string", "description",
	    "path or URL of Debian 12's genericcloud image, qcow2", "pool",
	    "type", "string", "description", "where its disks lie", "default",
	    "default", "network", "type", "string", "description",
	    "the libvirt network that it is on", "default", "default");
}

static json_t *
volumes(const char *name)
{
	char base[NETWORK_POP_MAX + 16];

	snprintf(base, sizeof(base), "%s-debian", name);
	return json_pack("{s:{s:s, s:s, s:s, s:s}, s:{s:s, s:s, s:s, s:I}}",
	    "debian", "name", base, "pool", "${var.pool}", "source",
	    "${var.image}", "format", "qcow2", "disk", "name", name, "pool",
	    "${var.pool}", "base_volume_id", "${libvirt_volume.debian.id}",
	    "size", (json_int_t)8 << 30);
}

static json_t *
cloudinit(const char *name, const char *pop)
{
	char disk[NETWORK_POP_MAX + 16], meta[96];

	snprintf(disk, sizeof(disk), "%s.iso", name);
	snprintf(meta, sizeof(meta),
	    "instance-id: '%s'\nlocal-hostname: '%s'\n", name, pop);
	return json_pack("{s:{s:s, s:s, s:s, s:s}}", "meetme", "name", disk,
	    "pool", "${var.pool}", "meta_data", meta, "user_data",
	    "${local.user_data}");
}

/* Debian's cloud images wait for a serial console. */
static json_t *
domain(const char *name)
{
	return json_pack("{s:{s:s, s:i, s:i, s:b, s:s, s:[{s:s}], "
			 "s:[{s:s, s:b}], s:[{s:s, s:s, s:s}]}}",
	    "meetme", "name", name, "memory", 512, "vcpu", 1, "autostart", 1,
	    "cloudinit", "${libvirt_cloudinit_disk.meetme.id}", "disk",
	    "volume_id", "${libvirt_volume.disk.id}", "network_interface",
	    "network_name", "${var.network}", "wait_for_lease", 1, "console",
	    "type", "pty", "target_port", "0", "target_type", "serial");
}

json_t *
place_libvirt(const struct provision *p)
{
	char name[NETWORK_POP_MAX + 8];

	snprintf(name, sizeof(name), "meetme-%s", p->pop->name);
	return json_pack("{s:{s:s, s:{s:{s:s, s:s}}}, s:o, s:{s:{s:s}}, "
			 "s:{s:o, s:o, s:o}, s:{s:{s:s}}}",
	    "terraform", "required_version", ">= 1.0", "required_providers",
	    "libvirt", "source", "dmacvicar/libvirt", "version",
	    ">= 0.7, < 0.9", "variable", variables(), "provider", "libvirt",
	    "uri", "${var.uri}", "resource", "libvirt_volume", volumes(name),
	    "libvirt_cloudinit_disk", cloudinit(name, p->pop->name),
	    "libvirt_domain", domain(name), "output", "addresses", "value",
	    "${libvirt_domain.meetme.network_interface[0].addresses}");
}
