# shellcheck shell=sh
# TAP for tests in shell. A test sources this first and says done_testing last:
#
#	. "${0%/*}/../lib.sh"
#	run "$NNVIZ" --version
#	is "$status" 0 "--version succeeds"
#	like "$out" "^nnviz-c [0-9]" "and names the program"
#	done_testing
#
# It runs at the top of the checkout, whence it was called from. A test that
# ends early has no plan, which prove takes for the failure it is.
set -u
export LC_ALL=C.UTF-8

cd "${0%/*}" || exit 1
while [ ! -e tests/lib.sh ]; do
	cd .. || exit 1
	[ "$PWD" != / ] || exit 1
done
top=$PWD

# What is under test, as absolute paths.
BUILD=${BUILD:-build}
case $BUILD in
/*) ;;
*) BUILD=$top/$BUILD ;;
esac
NNVIZ=${NNVIZ:-$BUILD/nnviz-c}
VALUE_DUMP=${VALUE_DUMP:-$BUILD/tests/value-dump}
export top BUILD NNVIZ VALUE_DUMP

# A directory that is gone when the test is.
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

ntests=0
nfailed=0

diag() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

pass() {
	ntests=$((ntests + 1))
	printf 'ok %d - %s\n' "$ntests" "$1"
}

fail() {
	ntests=$((ntests + 1))
	nfailed=$((nfailed + 1))
	printf 'not ok %d - %s\n' "$ntests" "$1"
}

# skip REASON NAME: counts, and says that nothing was checked.
skip() {
	ntests=$((ntests + 1))
	printf 'ok %d - %s # SKIP %s\n' "$ntests" "$2" "$1"
}

# Nothing in this file can be checked here.
skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

# ok NAME COMMAND...: passes if the command succeeds; shows what it said if not.
ok() {
	ok_name=$1
	shift
	if ok_said=$("$@" 2>&1); then
		pass "$ok_name"
	else
		fail "$ok_name"
		diag "failed: $*"
		[ -z "$ok_said" ] || diag "$ok_said"
	fi
}

# not_ok NAME COMMAND...: passes if the command fails, but not by a signal.
not_ok() {
	ok_name=$1
	shift
	ok_said=$("$@" 2>&1)
	ok_status=$?
	if [ "$ok_status" -gt 0 ] && [ "$ok_status" -lt 126 ]; then
		pass "$ok_name"
	else
		fail "$ok_name"
		diag "status $ok_status: $*"
		[ -z "$ok_said" ] || diag "$ok_said"
	fi
}

# is ACTUAL EXPECTED NAME
is() {
	if [ "$1" = "$2" ]; then
		pass "$3"
	else
		fail "$3"
		diag "     got: $1"
		diag "expected: $2"
	fi
}

# like ACTUAL ERE NAME: some line matches.
like() {
	if printf '%s\n' "$1" | grep -Eq -e "$2"; then
		pass "$3"
	else
		fail "$3"
		diag "      got: $1"
		diag "not like: $2"
	fi
}

# unlike ACTUAL ERE NAME: no line matches.
unlike() {
	if printf '%s\n' "$1" | grep -Eq -e "$2"; then
		fail "$3"
		diag "   got: $1"
		diag "but like: $2"
	else
		pass "$3"
	fi
}

# shellcheck disable=SC2034 # for the test to read
# run COMMAND...: its exit status in $status, what it printed in $out and $err.
run() {
	"$@" >"$tmp/run.out" 2>"$tmp/run.err" </dev/null
	status=$?
	out=$(cat "$tmp/run.out")
	err=$(cat "$tmp/run.err")
}

# unfold: --help with each row on a line of its own.
unfold() {
	awk 'substr($0, 1, 28) ~ /^ +$/ {
		sub(/^ +/, "")
		row = row (row ~ /[|]$/ ? "" : row ~ /[^ ]  / ? " " : "  ") $0
		next
	    }
	    NR > 1 { print row }
	    { row = $0 }
	    END { print row }'
}

# golden ACTUAL EXPECTED NAME: two files are equal. `make golden` makes them so.
golden() {
	if [ "${NNVIZ_GOLDEN:-}" = write ]; then
		mkdir -p "$(dirname "$2")" && cp "$1" "$2"
	fi
	if golden_diff=$(diff -u "$2" "$1" 2>&1); then
		pass "$3"
	else
		fail "$3"
		diag "$(printf '%s\n' "$golden_diff" | head -n 40)"
	fi
}

# The directory of material too large for the repository, or nothing.
shared_dir() {
	for shared in "${NNVIZ_SHARED:-}" "${top%/*}/shared"; do
		if [ -n "$shared" ] && [ -d "$shared" ]; then
			printf '%s\n' "$shared"
			return 0
		fi
	done
	return 1
}

# Whether the build carries sanitizers: then limits on memory and time differ.
sanitized() {
	grep -q -e -fsanitize "$BUILD/flags" 2>/dev/null
}

done_testing() {
	echo "1..$ntests"
	[ "$nfailed" -eq 0 ]
	exit
}
