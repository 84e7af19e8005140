# make [all check demo bench lint fuzz install package clean] [VARIANT=release]
# Variants: release, debug, asan. Products are in build/VARIANT/.

VARIANT ?= release
B := build/$(VARIANT)
PREFIX ?= /usr/local
DESTDIR ?=
CC ?= gcc

PACKAGES := libssh libsodium sqlite3 jansson libmnl libbsd libseccomp libedit \
	libevent_core yaml-0.1 libcap-ng
WARN := -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Werror
CPPFLAGS += -Isrc -D_GNU_SOURCE -DVERSION='"$(shell cat VERSION)"' \
	$(shell pkg-config --cflags $(PACKAGES))
CFLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2
CFLAGS_debug := -O0 -g
CFLAGS_asan := -O1 -g -fsanitize=address,undefined \
	-fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS += -std=gnu11 $(WARN) -fPIE -fstack-protector-strong \
	$(CFLAGS_$(VARIANT))
LDFLAGS += -pie -Wl,--as-needed -Wl,-z,relro
LDLIBS := $(shell pkg-config --libs $(PACKAGES))

# From top to bottom: a folder includes only what stands to its right.
FOLDERS := daemon cli ssh shell engine agent api provision render plan store \
	peering registry network base
MAINS := src/daemon/main.c src/cli/main.c

objects = $(patsubst src/%.c,$(B)/%.o,$(filter-out $(MAINS),\
	$(wildcard src/$(1)/*.c)))
ARCHIVES := $(foreach f,$(FOLDERS),$(B)/lib$(f).a)

all: $(B)/meetmed $(B)/meetme

$(B)/meetmed: $(B)/daemon/main.o $(ARCHIVES)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(B)/meetme: $(B)/cli/main.o $(ARCHIVES)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

define archive
$(B)/lib$(1).a: $(call objects,$(1))
	@rm -f $$@
	$(AR) rcs $$@ $$^
endef
$(foreach f,$(FOLDERS),$(eval $(call archive,$(f))))

$(B)/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# Programs of one file: unit tests, tools of system tests and benchmarks.
$(B)/tests/%: tests/%.c $(ARCHIVES)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -MF $@.d $(LDFLAGS) -o $@ $< \
		$(ARCHIVES) $(LDLIBS) -lcmocka -lutil

$(B)/bench/%: bench/%.c $(ARCHIVES)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -MF $@.d $(LDFLAGS) -o $@ $< \
		$(ARCHIVES) $(LDLIBS) -lutil

UNIT := $(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/unit/*.c))
TOOLS := $(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/tools/*.c))
BENCH := $(patsubst bench/%.c,$(B)/bench/%,$(wildcard bench/*.c))

# Each fuzz target replays its corpus under the sanitizers in `make check`;
# fuzz/run.sh empties REPLAY, and libFuzzer brings the main().
REPLAY := fuzz/replay.c
FUZZ := $(patsubst fuzz/%.c,$(B)/fuzz/%,$(wildcard fuzz/fuzz_*.c))
$(B)/fuzz/%: fuzz/%.c $(REPLAY) $(ARCHIVES)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(REPLAY) \
		$(ARCHIVES) $(LDLIBS)

unit: $(UNIT)
tools: $(TOOLS)
fuzz-replay: $(FUZZ)
bench-tools: $(BENCH)

check:
	+@tests/run.sh

demo: all $(B)/tests/tools/delay
	@lab/demo.sh

bench:
	+@bench/run.sh

fuzz:
	+@fuzz/run.sh

lint:
	@tests/lint.sh

install: all
	install -d $(DESTDIR)$(PREFIX)/sbin $(DESTDIR)$(PREFIX)/bin \
		$(DESTDIR)$(PREFIX)/share/man/man1 \
		$(DESTDIR)$(PREFIX)/share/man/man5 \
		$(DESTDIR)$(PREFIX)/share/man/man8 \
		$(DESTDIR)$(PREFIX)/lib/systemd/system \
		$(DESTDIR)$(PREFIX)/lib/sysusers.d \
		$(DESTDIR)$(PREFIX)/lib/sysctl.d
	install -m 755 $(B)/meetmed $(DESTDIR)$(PREFIX)/sbin/
	install -m 755 $(B)/meetme $(DESTDIR)$(PREFIX)/bin/
	install -m 644 man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 man/*.5 $(DESTDIR)$(PREFIX)/share/man/man5/
	install -m 644 man/*.8 $(DESTDIR)$(PREFIX)/share/man/man8/
	sed 's|@PREFIX@|$(PREFIX)|' packaging/meetmed.service \
		> $(DESTDIR)$(PREFIX)/lib/systemd/system/meetmed.service
	install -m 644 packaging/meetme.sysusers \
		$(DESTDIR)$(PREFIX)/lib/sysusers.d/meetme.conf
	install -m 644 packaging/meetme.sysctl \
		$(DESTDIR)$(PREFIX)/lib/sysctl.d/meetme.conf

package: all
	@packaging/deb.sh

clean:
	rm -rf build

-include $(wildcard $(B)/*/*.d $(B)/*/*/*.d)

.PHONY: all check demo bench fuzz lint install package clean unit tools \
	fuzz-replay bench-tools
.SECONDARY:
