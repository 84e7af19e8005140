# bench/render.sh: for bench/run.sh. How long `meetme render` takes for a full
# mesh, and how that grows.

# tree_make N DIR: writes the tree of N POPs; milliseconds.
tree_make() {
	begun=$(now_ms)
	"$LAB_BUILD/meetme" render -f $LAB/$1.yaml -o "$2" >/dev/null || return
	echo $(($(now_ms) - begun))
}

# tree_copy DIR: copies the folder "tree" beside it there; milliseconds.
tree_copy() {
	begun=$(now_ms)
	cp -r $DISK/tree "$1" || return
	echo $(($(now_ms) - begun))
}

# files_make BYTES DIR: as many files as 1,000 POPs have links' ends, each so
# large; milliseconds.
files_make() {
	"$BENCH/files" "$2" 1000 999 "$1"
}

# thrice CMD... DIR: the median of three, each with no DIR before.
thrice() {
	for last; do :; done
	for i in 1 2 3; do
		rm -rf "$last"
		"$@"
	done | median
	rm -rf "$last"
}

# tree_memory N: the peak of all processes together, in MB.
tree_memory() {
	"$LAB_BUILD/meetme" render -f $LAB/$1.yaml -o $LAB/ram/tree \
		>/dev/null &
	while kill -0 $! 2>/dev/null; do
		for p in $(lab_tree $!); do
			cat /proc/$p/status
		done 2>/dev/null | awk '$1 == "VmHWM:" { n += $2 }
			END { print n / 1024 }'
		sleep 0.05
	done | sort -n | tail -n 1
	rm -rf $LAB/ram/tree
}

seconds() {
	awk '{ print $1 / 1000 }'
}

bench_render() {
	mkdir $LAB/ram
	mount -t tmpfs -o size=80%,nr_inodes=0 ram $LAB/ram
	for n in 10 100 300 1000; do
		sh "$LAB_TOP/tests/network-generate.sh" $n >$LAB/$n.yaml
	done
	figure "render 10 POPs, 90 links' ends" \
		"$(thrice tree_make 10 $LAB/ram/tree)" ms 0 "to a tmpfs"
	tree_make 10 $LAB/ram/tree >/dev/null
	link_bytes=$(cat $LAB/ram/tree/servers/*/wireguard/*.conf | wc -c)
	link_bytes=$((link_bytes / 90))
	rm -rf $LAB/ram/tree
	figure "render 100 POPs, 9,900 links' ends" \
		"$(thrice tree_make 100 $LAB/ram/tree)" ms 100 \
		"at most; to a tmpfs"
	bench_render_most
	DISK=$LAB_TOP/build/bench-render
	rm -rf $DISK
	mkdir -p $DISK
	ours=$(thrice tree_make 300 $DISK/tree)
	tree_make 300 $DISK/tree >/dev/null
	figure "render 300 POPs, 89,700 links' ends" "$ours" ms \
		"$(thrice tree_copy $DISK/copy)" \
		"cp -r of that tree; on the disk of $LAB_TOP/build"
	figure "again, with nothing to change" "$(tree_make 300 $DISK/tree)" \
		ms "$ours" "the first time"
	rm -rf $DISK
	umount $LAB/ram
}

# A page for each file, and as much again for the kernel's account of it.
bench_render_most() {
	if [ "$(awk '$1 == "MemAvailable:" { print int($2 / 1048576) }' \
		/proc/meminfo)" -lt 8 ]; then
		echo "render 1,000 POPs: not measured, it takes 8 GB of memory"
		return
	fi
	ours=$(thrice tree_make 1000 $LAB/ram/tree | seconds)
	figure "render 1,000 POPs, 999,000 links' ends" "$ours" s 5 \
		"at most; to a tmpfs"
	figure "the same" "$ours" s \
		"$(thrice files_make $link_bytes $LAB/ram/files | seconds)" \
		"the kernel's part: as many files, as large"
	figure "memory of all its processes (peak RSS)" \
		"$(tree_memory 1000)" MB 300 "at most"
}
