# The lab's registry, which all of its POPs have. Part of lab.sh.

# lab_registry: an empty one, with dn42's filter files and our own routes.
lab_registry() {
	for lab_class in mntner aut-num route route6; do
		mkdir -p "$LAB/registry/data/$lab_class"
	done
	cat >$LAB/registry/data/filter.txt <<-END
		# Nr    Action  Prefix          MinLen  MaxLen
		1001    permit  172.20.0.0/24    28      32      # anycast
		1002    permit  172.21.0.0/24    28      32      # anycast
		1003    permit  172.22.0.0/24    28      32      # anycast
		1004    permit  172.23.0.0/24    28      32      # anycast
		1100    permit  172.20.0.0/14    21      29      # main net
		2001    permit  10.100.0.0/14    14      32      # ChaosVPN
		2002    permit  10.127.0.0/16    16      32      # NeoNetwork
		2003    permit  10.0.0.0/8       15      24      # Freifunk
		3001    permit  172.31.0.0/16    16      32      # ChaosVPN
		9999    deny    0.0.0.0/0        0       32      # the rest
	END
	cat >$LAB/registry/data/filter6.txt <<-END
		# Nr    Action  Prefix          MinLen  MaxLen
		1001    permit  fd00::/8         44      64      # ULA
		9999    deny    ::/0             0       128     # the rest
	END
	lab_route $LAB_ASN 172.22.144.160/27
	lab_route $LAB_ASN fd28:7515:7d51::/48
}

# lab_maintainer NAME ASN FILE.pub...: puts a maintainer and its AS number
# into it.
lab_maintainer() {
	"$LAB_TOP/lab/registry-add.sh" $LAB/registry "$@"
}

# lab_route ASN PREFIX [MAX]: the AS may announce the prefix, and its parts
# down to length MAX, or to what the filter files permit.
lab_route() {
	case $2 in
	*:*) lab_class=route6 ;;
	*) lab_class=route ;;
	esac
	lab_folder=$LAB/registry/data/$lab_class
	printf '%-20s%s\n' $lab_class: "$2" origin: "AS$1" \
		${3:+max-length: "$3"} mnt-by: DN42-MNT source: DN42 \
		>"$lab_folder/.new"
	mv "$lab_folder/.new" "$lab_folder/$(echo "$2" | tr / _)"
}
