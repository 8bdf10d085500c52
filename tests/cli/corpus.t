#!/bin/sh
# The readers against corpora that are larger than the repository: what CPython
# makes of a thousand pickles, and the JSON that every parser should refuse.
. "${0%/*}/../lib.sh"

shared=$(shared_dir) || skip_all "no directory of shared material"

silently() {
	"$@" >/dev/null
}

# A sanitizer is slower than the limits of the corpus allow for.
if sanitized; then
	skip "sanitizers are slow" "every pickle of the corpus"
elif [ -x "$shared/corpus/check-pickle" ]; then
	ok "every pickle of the corpus" \
	    "$shared/corpus/check-pickle" "$VALUE_DUMP" {}
else
	skip "no corpus" "every pickle of the corpus"
fi

# JSONTestSuite: y_ must be read, n_ refused, i_ and the others either.
wrong=
nfiles=0
for file in "$shared"/corpus/json/*/*.json; do
	run "$VALUE_DUMP" "$file"
	case ${file##*/}:$status in
	y_*:0 | n_*:1 | [!ny]*:[01] | n[!_]*:[01] | y[!_]*:[01])
		nfiles=$((nfiles + 1))
		;;
	*)	wrong="$wrong ${file##*/}:$status" ;;
	esac
done
if [ -d "$shared/corpus/json" ]; then
	is "$wrong" "" "$nfiles files of JSONTestSuite"
else
	skip "no corpus" "JSONTestSuite"
fi

# A checksum that is right, and traces of every protocol.
for trace in "$shared"/traces/*.pkl; do
	ok "${trace##*/} is read" silently "$VALUE_DUMP" "$trace"
done

done_testing
