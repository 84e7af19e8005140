#ifndef PROVISION_PLACE_H
#define PROVISION_PLACE_H

#include <jansson.h>

#include "provision/describe.h"

/*
 * A machine at a place, as the value of a Terraform file. Its user data is
 * ${local.user_data}. NULL: no memory. What differs from one operator to the
 * other are variables; credentials are the provider's own matter.
 */
json_t *place_aws(const struct provision *p);
json_t *place_scaleway(const struct provision *p);
json_t *place_libvirt(const struct provision *p);

#endif
