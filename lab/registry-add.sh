#!/bin/sh
# registry-add.sh DIR MNTNER ASN [PUBFILE...]
#
# Writes a maintainer with the given SSH keys, and an AS that it maintains,
# to a registry folder (DIR/data is made where it is missing). MNTNER may come
# without -MNT and in any case; ASN with or without AS, or "-" for none. What
# stands under these names already is replaced, each file whole: called again
# with another ASN, it gives the same maintainer a second AS.
set -eu

usage() {
	echo "usage: ${0##*/} DIR MNTNER ASN [PUBFILE...]" >&2
	exit 64
}

# put FOLDER NAME: standard input becomes the object, by a rename
put() {
	mkdir -p "$1"
	cat >"$1/.$2.new"
	mv "$1/.$2.new" "$1/$2"
}

[ $# -ge 3 ] || usage
data=$1/data
name=$(printf '%s' "$2" | tr '[:lower:]' '[:upper:]')
name=${name%-MNT}-MNT
asn=${3#[Aa][Ss]}
shift 3

case $name in *[!A-Z0-9_-]* | -*) usage ;; esac
case $asn in - | [1-9]*) ;; *) usage ;; esac
case ${asn#-} in *[!0-9]*) usage ;; esac

# Checked before anything is written.
for pub in "$@"; do
	ssh-keygen -l -f "$pub" >/dev/null
done

mkdir -p "$data/mntner" "$data/aut-num"
{
	printf '%-20s%s\n' mntner: "$name" mnt-by: "$name"
	for pub in "$@"; do
		read -r key <"$pub" || [ -n "$key" ]
		printf '%-20s%s\n' auth: "$key"
	done
	printf '%-20s%s\n' source: DN42
} | put "$data/mntner" "$name"

[ "$asn" = - ] || {
	printf '%-20s%s\n' aut-num: "AS$asn" as-name: "AS$asn-NAME" \
		mnt-by: "$name" source: DN42
} | put "$data/aut-num" "AS$asn"
