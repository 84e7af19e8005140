#!/bin/sh
# meetme roa: of a synthetic registry the set is what awk makes of it, and of
# the whole registry, where it is found, what other generators made of it, in
# each format. BIRD 2 and BIRD 1 load it, and an RTR server hands it on.
#
# The archive is $MEETME_REGISTRY_ARCHIVE, or that of the folder beside the
# project's; roa-expected.txt lies beside it. The packages of BIRD 1 and of
# stayrtr are unpacked below build/packages, not installed.
. "$(dirname "$0")/../lib.sh"
PACKAGES=$LAB_TOP/build/packages

# In the lab there is no way to the mirrors.
if [ -z "${LAB_INSIDE:-}" ]; then
	fetched bird stayrtr
fi
lab_init "$@"
cd $LAB || exit 1

roa() {
	meetme roa --registry $dir "$@" 2>errors
}

# listed FORMAT [ARG...]: the set, as the lines of what is expected.
listed() {
	roa --format "$@" >text || return
	case $1 in
	json) jq -r '.roas[] | "route \(.prefix) max \(.maxLength) as " +
		(.asn | sub("^AS"; ""))' text ;;
	*) sed -n 's/^roa /route /; s/^\(route .*\);$/\1/p' text ;;
	esac | LC_ALL=C sort
}

equals() {
	listed "$@" | diff $dir/expected -
}

# family_equals FORMAT FAMILY: with --family it is those lines alone.
family_equals() {
	case $2 in
	4) grep -v : $dir/expected ;;
	6) grep : $dir/expected ;;
	esac >wanted
	listed "$1" --family "$2" | diff wanted -
}

same_bytes() {
	roa --format "$1" >first && roa --format "$1" | cmp - first
}

counts_itself() {
	roa --format json | jq -e '.metadata.counts == (.roas | length)
		and (.metadata.buildtime | fromdate) > 0'
}

# bird2_conf: as dn42's wiki has it.
bird2_conf() {
	roa --family 4 >roa4.conf
	roa --family 6 >roa6.conf
	cat >bird2.conf <<-END
		router id 192.0.2.1;
		protocol device {}
		roa4 table dn42_roa;
		roa6 table dn42_roa_v6;
		protocol static {
			roa4 { table dn42_roa; };
			include "roa4.conf";
		}
		protocol static {
			roa6 { table dn42_roa_v6; };
			include "roa6.conf";
		}
	END
}

# bird_has TABLE PATTERN: the table has as many as were expected.
bird_has() {
	n=$(grep -c "$2" $dir/expected)
	birdc -s bird.ctl show route table "$1" count |
		grep "^$n of $n routes"
}

check_bird2() {
	bird2_conf
	check "BIRD 2 takes both" bird -p -c bird2.conf || return
	bird -f -c bird2.conf -s $LAB/bird.ctl 2>bird.log &
	bird=$!
	check "it has all of IPv4" lab_wait 10 bird_has dn42_roa '\.'
	check "it has all of IPv6" lab_wait 10 bird_has dn42_roa_v6 ':'
	kill $bird
	wait $bird
}

# bird1 BIRD FAMILY: BIRD 1 has a daemon for each family.
bird1() {
	roa --format bird1 --family "$2" >roa1.conf
	printf '%s\n' 'router id 192.0.2.1;' 'protocol device {}' \
		'roa table dn42_roa {' 'include "roa1.conf";' '}' >bird1.conf
	"$PACKAGES/bird/usr/sbin/$1" -p -c bird1.conf
}

# rtr_hands_on: what a router would get.
rtr_hands_on() {
	"$PACKAGES/stayrtr/usr/bin/rtrdump" -connect 127.0.0.1:8282 \
		-file rtr.json >rtrdump.log 2>&1 || return
	jq -r '.roas[] | "route \(.prefix) max \(.maxLength) as \(.asn)"' \
		rtr.json | LC_ALL=C sort | diff $dir/expected -
}

check_rtr() {
	roa --format json >roa.json
	"$PACKAGES/stayrtr/usr/bin/stayrtr" -bind 127.0.0.1:8282 \
		-metrics.addr 127.0.0.1:9847 -checktime=false \
		-cache roa.json 2>stayrtr.log &
	rtr=$!
	check "an RTR server hands all of it on" lab_wait 10 rtr_hands_on
	kill $rtr
	wait $rtr
}

# examine WHAT: the registry in $dir, of which $dir/expected is known.
examine() {
	echo "$1: $(wc -l <$dir/expected) ROAs"
	for format in bird2 bird1 json; do
		check "$format is what is expected" equals $format
		check "$format: IPv4 alone" family_equals $format 4
		check "$format: IPv6 alone" family_equals $format 6
		check "$format: the same bytes again" same_bytes $format
	done
	check "the JSON's metadata" counts_itself
	check_bird2
	check "BIRD 1 takes IPv4" bird1 bird 4
	check "BIRD 1 takes IPv6" bird1 bird6 6
	check_rtr
}

# expected_of FILE...: what the files of tests/registry-generate.sh stand for.
expected_of() {
	for file; do
		awk '
			{ v[$1] = $2 }
			$1 == "origin:" { origins[substr($2, 3)] }
			END {
				prefix = v["route:"] v["route6:"]
				max = top = prefix ~ /:/ ? 64 : 28
				if (v["max-length:"] && v["max-length:"] < top)
					max = v["max-length:"]
				if (prefix !~ /^10\.0\.66\./)
					for (o in origins)
						print "route", prefix, "max", \
							max, "as", o
			}' "$file"
	done | LC_ALL=C sort
}

dir=$LAB/synthetic
mkdir $dir
sh "$LAB_TOP/tests/registry-generate.sh" $dir 300
expected_of $dir/data/route*/* >$dir/expected
examine "a synthetic registry"
check_says "what has none is told" \
	'route/10.0.66.0_24: rule 1 of filter.txt denies' cat errors
check_says "and counted" 'that gave none: 1$' cat errors

archive=${MEETME_REGISTRY_ARCHIVE:-$LAB_TOP/../shared/registry/registry.tar.xz}
if [ -r "$archive" ]; then
	mkdir $LAB/whole
	tar -xJf "$archive" -C $LAB/whole --wildcards '*/data/route*' \
		'*/data/filter*'
	dir=$(dirname "$(find $LAB/whole -type d -name data)")
	cp "$(dirname "$archive")/roa-expected.txt" $dir/expected
	examine "the whole registry"
else
	echo "no whole registry: MEETME_REGISTRY_ARCHIVE names none"
fi

dir=$LAB/none
mkdir $LAB/none
check_not "of no registry there is none" roa
check_says "it says which folder is missing" 'none/data/filter' cat errors
check_says "a family that is none" 'family is 4 or 6' \
	meetme roa --family 5
check_says "a format that is none" 'one of bird2, bird1, json' \
	meetme roa --format bird3
finish
