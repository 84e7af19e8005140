#!/bin/sh
# Two hubs and two spokes, with OSPF: what is behind a spoke reaches what is
# behind the other, in both families, also when a hub is dead.
. "$(dirname "$0")/../mesh.sh"
lab_init "$@"
cd "$LAB_TOP" || exit 1

# converged: hubs have a session to each other POP, spokes to each hub.
converged() {
	for pop in nl-ams1 fr-par1; do
		[ "$(ibgp $pop)" -eq 3 ] || return 1
	done
	for pop in nl-ams2 pl-waw1; do
		[ "$(ibgp $pop)" -eq 2 ] || return 1
	done
}

# no_links: the spokes have none to each other.
no_links() {
	! lab_run nl-ams2 ip link show wg-int-4 &&
		! lab_run pl-waw1 ip link show wg-int-2
}

neighbours() {
	[ "$(lab_run "$1" birdc show ospf neighbors | grep -c Full)" -ge "$2" ]
}

sed -e 's/topology: full/topology: hubs/' \
	-e 's/^  igp: .*/  hubs: [nl-ams1, fr-par1]\n  igp: ospf/' \
	examples/full-mesh.yaml >$LAB/hubs.yaml
check "the network file is good" meetme check -f $LAB/hubs.yaml
mesh_make $LAB/hubs.yaml
mesh_visit nl-ams2 pl-waw1
check "meetmed starts on the four POPs" mesh_up || finish
check "the mesh has converged" lab_wait 90 converged
check "spokes have no link to each other" no_links
check "a hub has OSPF with all" neighbours nl-ams1 3
check "a spoke has OSPF with both hubs" neighbours pl-waw1 2
check "loopbacks ping each other" lab_wait 30 loopbacks_ping
check "outside networks peer with the spokes" mesh_peer
check "their sessions are Established" lab_wait 60 peered
check "outside networks ping each other" lab_wait 30 visitors_ping
check "a hub's power fails" lab_pop_kill fr-par1
check "outside networks ping each other by the other" lab_wait 60 visitors_ping
finish
