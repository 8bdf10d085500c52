# nnviz-c: draws traces of neural networks with Graphviz.
#
# `make help` lists the targets. All that is made goes below build/, where src/
# and tests/ are mirrored. A build with other flags (sanitizers, coverage) is
# the same rules with another BUILD, so that no two of them share an object.

VERSION = 0.1.0

PREFIX ?= /usr/local
DESTDIR ?=
PKG_CONFIG ?= pkg-config
# Reading a trace takes 5 % fewer instructions than with -O2.
CFLAGS ?= -O3 -g
BUILD ?= build
TIME ?= 600
RUNS ?= 100
FLOOR ?= 90

program = $(BUILD)/nnviz-c
styledir = $(PREFIX)/share/nnviz-c/styles
mandir = $(PREFIX)/share/man

# A room is a folder of src/. What lies in src/ itself is the command line,
# which tests do without.
rooms = $(patsubst %.c,$(BUILD)/%.o,$(wildcard src/*/*.c))
command = $(patsubst %.c,$(BUILD)/%.o,$(wildcard src/*.c))

# What reads the command line can be tested like a room.
parsing = $(BUILD)/src/options.o $(BUILD)/src/limit.o \
	$(BUILD)/src/transform.o $(BUILD)/src/compare.o

units = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/test_*.c))
fuzzers = $(patsubst tests/fuzz/%.c,$(BUILD)/fuzzers/%, \
	$(wildcard tests/fuzz/fuzz_*.c))
replays = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/fuzz_*.c))
helpers = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/*.c)) \
	$(patsubst %.c,$(BUILD)/%.so,$(wildcard tests/shim/*.c))

# A fresh machine has no pkg-config yet when this file is read: it is asked
# when the first file is compiled, and then never again.
pkg = $(shell $(PKG_CONFIG) $(1))
lib_cflags = $(eval lib_cflags := $(call pkg,--cflags $(libs)))$(lib_cflags)
lib_libs = $(eval lib_libs := $(call pkg,--libs $(libs)) -lm)$(lib_libs)
cmocka_libs = $(eval cmocka_libs := $(call pkg,--libs cmocka))$(cmocka_libs)
libs = libgvc libcgraph zlib

warnings = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla $(if $(CI),-Werror)
fortify = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
harden = -fPIE -fstack-protector-strong \
	$(if $(filter -O1 -O2 -O3 -Os,$(CFLAGS)),$(fortify))
define = -D_POSIX_C_SOURCE=200809L -DNNV_VERSION='"$(VERSION)"' \
	-DNNV_STYLE_DIR='"$(styledir)"'

# libgvc exports hundreds of plain names; hidden ones of ours are not called
# by it. Its headers are not ours to warn about.
compile = $(CC) -std=c11 $(define) $(warnings) -fvisibility=hidden $(harden) \
	-Iinclude $(patsubst -I%,-isystem %,$(lib_cflags)) $(CPPFLAGS) \
	$(CFLAGS)
link = $(CC) $(CFLAGS) -pie -Wl,-z,relro,-z,now $(LDFLAGS)

# V=1 shows the commands.
say = @$(if $(V),:,printf '  %-6s %s\n')
quiet = $(if $(V),,@)

.SUFFIXES:
.SECONDARY:
.DELETE_ON_ERROR:
.PHONY: FORCE all demo check check-installed check-san \
	check-valgrind fuzz fuzz-installed \
	fuzzers bench lint lint-installed format cover determinism soak golden \
	images gallery install uninstall dist clean help

all: $(program) ## build the program, build/nnviz-c

$(program): $(command) $(rooms)
	$(say) link $@
	$(quiet)$(link) -o $@ $^ $(lib_libs)

$(BUILD)/src/%.o: src/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(say) cc $<
	$(quiet)$(compile) -MMD -MP -c -o $@ $<

$(BUILD)/tests/%.o: tests/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(say) cc $<
	$(quiet)$(compile) -Isrc -Itests -MMD -MP -c -o $@ $<

# A unit may ask for more of the linker, on a line of its first comment:
#  * link: -Wl,--wrap=malloc
$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(rooms)
	$(say) link $@
	$(quiet)$(link) $$(sed -n 's/^ \* link: //p' tests/unit/$*.c) -o $@ \
	    $^ $(cmocka_libs) $(lib_libs)

$(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/%.o $(BUILD)/tests/fuzz/replay.o \
    $(parsing) $(rooms)
	$(say) link $@
	$(quiet)$(link) -o $@ $^ $(lib_libs)

$(BUILD)/fuzzers/%: $(BUILD)/tests/fuzz/%.o $(parsing) $(rooms)
	@mkdir -p $(@D)
	$(say) link $@
	$(quiet)$(link) -fsanitize=fuzzer -o $@ $^ $(lib_libs)

# Preloaded into the program by tests of what it does when others fail.
$(BUILD)/tests/shim/%.so: tests/shim/%.c tests/shim/shim.h
	@mkdir -p $(@D)
	$(say) link $@
	$(quiet)$(CC) -std=c11 $(define) $(warnings) -O1 -fPIC -shared -o $@ $<

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(rooms)
	$(say) link $@
	$(quiet)$(link) -o $@ $^ $(lib_libs)

# Objects depend on the compiler and its flags, version and prefix among them:
# the file changes only when those do.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' "$$flags" | cmp -s - $@ || printf '%s\n' "$$flags" >$@
$(BUILD)/flags: export flags = $(compile) $(link)

-include $(wildcard $(BUILD)/src/*.d $(BUILD)/src/*/*.d $(BUILD)/tests/*.d \
	$(BUILD)/tests/*/*.d)

fuzzers: $(fuzzers)

# What follows first installs what is missing and then calls make again: a
# recipe is expanded before its first line runs, pkg-config included.

demo: ## install what is missing, build, draw the samples into build/demo/
	@tests/tools/deps build
	@$(MAKE) --no-print-directory all
	@tests/tools/demo $(program) $(BUILD)/demo

check: ## install what is missing, build, run all tests
	@tests/tools/deps build check
	@$(MAKE) --no-print-directory check-installed

check-installed: $(program) $(units) $(replays) $(helpers)
	@BUILD=$(BUILD) tests/run

sanitizers = -fsanitize=address,undefined -fno-sanitize-recover=undefined
check-san: ## the same tests under AddressSanitizer and UBSan
	@tests/tools/deps build check
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/san \
	    CFLAGS='-O1 -g -fno-omit-frame-pointer $(sanitizers)' check-installed

check-valgrind: ## draw samples under valgrind
	@tests/tools/deps build valgrind
	@$(MAKE) --no-print-directory all
	@tests/tools/valgrind $(program)

fuzz: ## fuzz every reader, for TIME seconds (600) in all
	@tests/tools/deps build fuzz
	@$(MAKE) --no-print-directory fuzz-installed
fuzz-installed:
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/fuzz CC=clang \
	    CFLAGS='-O1 -g -fsanitize=fuzzer-no-link,address,undefined \
	    -fno-sanitize-recover=undefined' fuzzers
	@tests/tools/fuzz $(BUILD)/fuzz $(TIME)

bench: ## measure against dot and against Python
	@tests/tools/deps build check
	@$(MAKE) --no-print-directory all $(BUILD)/tests/load-bench
	@BUILD=$(BUILD) tests/bench/run

lint: ## install what is missing; formatters, analyzers, manual pages
	@tests/tools/deps build check lint
	@$(MAKE) --no-print-directory lint-installed
lint-installed:
	@tests/tools/lint -std=c11 $(define) -Iinclude -Isrc -Itests \
	    $(patsubst -I%,-isystem%,$(lib_cflags))

format: ## rewrite every C file in the house's style
	clang-format -i $$(git ls-files '*.c' '*.h')

cover: ## line coverage of each room; fails below FLOOR (90) % of lines
	@tests/tools/deps build check
	@rm -rf $(BUILD)/cover
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/cover \
	    CFLAGS='-O0 -g --coverage -include tests/shim/cover.h' \
	    check-installed
	@tests/tools/cover $(BUILD)/cover $(FLOOR)

determinism: all $(helpers) ## draw each sample RUNS times (100) in other surroundings
	@NNVIZ_TEST_TIMEOUT=7200 NNVIZ_RUNS=$(RUNS) BUILD=$(BUILD) \
	    tests/run tests/determinism.t

soak: all $(helpers) ## that, damage at every byte of small samples, and monsters
	@NNVIZ_TEST_TIMEOUT=36000 NNVIZ_RUNS=$(RUNS) NNVIZ_WHOLE=1 \
	    BUILD=$(BUILD) tests/run tests/determinism.t tests/sweep.t \
	    tests/cli/monsters.t

golden: all $(helpers) ## rewrite the expected outputs; read the diff
	@NNVIZ_GOLDEN=write BUILD=$(BUILD) tests/run \
	    $$(grep -lE '^[[:space:]]*golden ' tests/cli/*.t)
	@git status --short tests

images: all ## draw the pictures of the README again
	@tests/tools/images $(program) samples/images
	@git status --short samples/images

gallery: all ## every sample in every style, as a page to look at
	@tests/tools/gallery $(program) $(BUILD)/gallery

install: all ## install below $(DESTDIR)$(PREFIX)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(styledir)
	install -m 755 $(program) $(DESTDIR)$(PREFIX)/bin/nnviz-c
	for style in styles/*.style; do \
		install -m 644 "$$style" $(DESTDIR)$(styledir)/ || exit; \
	done
	for schema in man/*.schema.json; do \
		install -m 644 "$$schema" \
		    $(DESTDIR)$(PREFIX)/share/nnviz-c/ || exit; \
	done
	for page in man/*.[157]; do \
		section=$(DESTDIR)$(mandir)/man$${page##*.}; \
		install -d "$$section" && \
		install -m 644 "$$page" "$$section/" || exit; \
	done

uninstall: ## remove what install installed
	rm -f $(DESTDIR)$(PREFIX)/bin/nnviz-c
	rm -rf $(DESTDIR)$(PREFIX)/share/nnviz-c
	for page in man/*.[157]; do \
		rm -f $(DESTDIR)$(mandir)/man$${page##*.}/$${page##*/}; \
	done

dist: ## a source tarball of HEAD
	@mkdir -p $(BUILD)
	git archive --prefix=nnviz-c-$(VERSION)/ \
	    -o $(BUILD)/nnviz-c-$(VERSION).tar.gz HEAD

clean: ## remove all that was made
	rm -rf $(BUILD)

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-14s %s\n", $$1, $$2 }' \
	    Makefile
	@echo 'knobs: PREFIX DESTDIR PKG_CONFIG CC CFLAGS LDFLAGS BUILD V=1'
