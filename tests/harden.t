#!/bin/sh
# What the compiler and the linker do against a mistake that was made.
. "${0%/*}/lib.sh"

command -v readelf >/dev/null || skip_all "no readelf"

said=$(readelf -hldW --dyn-syms "$NNVIZ" 2>&1)
like "$said" 'Type: +DYN .*Position-Independent' "the program lies anywhere"
like "$said" 'GNU_RELRO' "its tables are read-only once it runs"
like "$said" 'FLAGS.*NOW' "all of them, for they are filled at once"
like "$said" 'GNU_STACK .* RW +0x' "no data is code"
like "$said" '__stack_chk_fail' "stacks are guarded"
if sanitized || ! grep -q -e '-D_FORTIFY_SOURCE' "$BUILD/flags"; then
	skip "not with these flags" "lengths are checked"
else
	like "$said" '__[a-z]+_chk' "lengths are checked"
fi

done_testing
