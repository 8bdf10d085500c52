#!/bin/sh
# Does the house stand as src/LAYERS says? And would we notice if not?
. "${0%/*}/lib.sh"

if grep -q -e -fsanitize -e --coverage "$BUILD/flags"; then
	skip_all "instrumented objects call more than their source does"
fi

# Only what today's sources were made into.
mkdir "$tmp/objects"
for source in src/*.c src/*/*.c; do
	[ -e "$source" ] || continue
	object=${source#src/}
	object=${object%.c}.o
	mkdir -p "$tmp/objects/$(dirname "$object")"
	cp "$BUILD/src/$object" "$tmp/objects/$object"
done
ok "the objects keep to src/LAYERS" \
    tests/tools/layers src/LAYERS "$tmp/objects"

# house FILE: the C on standard input becomes FILE of a little house.
house() {
	mkdir -p "$tmp/house/$(dirname "$1")"
	cc -x c -fPIE -fno-builtin -c -o "$tmp/house/$1.o" -
}

# complains EXPECTED NAME: that is all that is wrong with the little house; the
# next one begins anew.
complains() {
	run tests/tools/layers src/LAYERS "$tmp/house"
	is "$out" "$1" "$2"
	is "$status" "$([ -z "$1" ] && echo 0 || echo 1)" "status: $2"
	rm -rf "$tmp/house"
}

house base/low <<'E'
void *malloc(unsigned long);
void *nnv_low(void) { return malloc(8); }
E
house value/high <<'E'
void *nnv_low(void);
static const char *const names[] = { "a", "b" };
const char *const *nnv_high(void) { return nnv_low() ? names : 0; }
E
complains '' "a room uses the one below, and has relocated constants"

house base/low <<'E'
void nnv_high(void);
void nnv_low(void) { nnv_high(); }
E
house value/high <<'E'
void nnv_high(void) { }
E
complains \
    'base/low: uses "nnv_high" of value, but base may not use value' \
    "a use against the direction"

house draw/picture <<'E'
void nnv_draw(void) { }
E
house render/output <<'E'
void nnv_draw(void);
void nnv_render(void) { nnv_draw(); }
E
complains \
    'render/output: uses "nnv_draw" of draw, but render may not use draw' \
    "neighbours do not know each other"

house pass/level <<'E'
void *malloc(unsigned long);
int nnv_level(void) { return malloc(8) != 0; }
E
complains 'pass/level: may not call "malloc"' "the allocator has one home"

house base/text <<'E'
int open(const char *, int);
int nnv_open(void) { return open("x", 0); }
E
complains 'base/text: may not call "open"' "files have one home in base"

house base/file <<'E'
int open(const char *, int);
int nnv_open(void) { return open("x", 0); }
E
complains '' "and are at home there"

house draw/label <<'E'
void agxset(void);
void gvLayout(void);
void nnv_label(void) { agxset(); gvLayout(); }
E
complains 'draw/label: may not call "gvLayout"' "draw knows cgraph alone"

house value/json <<'E'
int printf(const char *, ...);
void nnv_json(void) { printf("x"); }
E
complains 'value/json: may not call "printf"' "only the command line prints"

house options <<'E'
int printf(const char *, ...);
int main(void) { return printf("x"); }
E
complains '' "and it does"

house graph/node <<'E'
int system(const char *);
void nnv_node(void) { system("x"); }
E
complains 'graph/node: may not call "system"' "nobody is given a shell"

house graph/node <<'E'
void graph_init(void) { }
E
complains \
    'graph/node: defines "graph_init", which does not begin with nnv_' \
    "a plain name"

house graph/node <<'E'
int nnv_next(void) { static int next; return next++; }
E
run tests/tools/layers src/LAYERS "$tmp/house"
like "$out" \
    '^graph/node: the variable "next\.[0-9]+" at file scope can change$' \
    "a variable that keeps its value between calls"
rm -rf "$tmp/house"

house graph/node <<'E'
int nnv_count = 1;
E
complains 'graph/node: the variable "nnv_count" at file scope can change' \
    "a variable at file scope"

house graph/node <<'E'
void nnv_nowhere(void);
void nnv_node(void) { nnv_nowhere(); }
E
complains 'graph/node: uses "nnv_nowhere", which is defined nowhere' \
    "a function that nobody wrote"

house attic/box <<'E'
void nnv_box(void) { }
E
complains 'src/attic: a room that is not in the table' \
    "a room that was never planned"

done_testing
