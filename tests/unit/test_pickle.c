/*
 * The pickle machine.
 *
 * link: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=mmap
 */
#include <stdlib.h>
#include <sys/mman.h>

#include "nnviz/sha1.h"

#include "reading.h"
#include "scarce.h"

void *__real_mmap(void *at, size_t n, int prot, int flags, int fd, off_t off);
void *__wrap_mmap(void *at, size_t n, int prot, int flags, int fd, off_t off);

/* A reservation that is refused is tried smaller: so is this one. */
void *
__wrap_mmap(void *at, size_t n, int prot, int flags, int fd, off_t off)
{
	if (scarce.on && scarce.granted <= 0) {
		scarce.refused = true;
		return MAP_FAILED;
	}
	scarce.granted -= scarce.on;
	return __real_mmap(at, n, prot, flags, fd, off);
}

#define PICKLE(literal) nnv_pickle_read, NNV_STR(literal)

#define assert_pickle(literal, json) assert_reads(PICKLE(literal), json)
#define assert_broken(literal, message) \
	assert_refuses(PICKLE(literal), NNV_E_SYNTAX, message)
#define assert_cut(literal, message)                  \
	assert_refuses(PICKLE(literal), NNV_E_SYNTAX, \
	    message ": the file is cut short or damaged")
#define assert_unsafe(literal, message)               \
	assert_refuses(PICKLE(literal), NNV_E_UNSAFE, \
	    message ": only plain data is read")

static void
reads_atoms(void **state)
{
	(void)state;
	assert_pickle("N.", "null");
	assert_pickle("\x88.", "true");
	assert_pickle("\x89.", "false");
	assert_pickle("K\xff.", "255");
	assert_pickle("M\xff\xff.", "65535");
	assert_pickle("J\xff\xff\xff\xff.", "-1");
	assert_pickle("\x8a\x00.", "0");
	assert_pickle("\x8a\x02\x00\x80.", "-32768");
	assert_pickle("\x8b\x05\0\0\0\0\0\0\0\x01.", "4294967296");
	assert_pickle("G\x3f\xb9\x99\x99\x99\x99\x99\x9a.", "0.1");
	assert_pickle("G\x7f\xf0\0\0\0\0\0\0.", "Infinity");
	assert_pickle(").", "[]");
}

static void
reads_large_integers(void **state)
{
	(void)state;
	assert_pickle("\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f.",
	    "9223372036854775807");
	assert_pickle("\x8a\x09\xff\xff\xff\xff\xff\xff\xff\xff\0.",
	    "18446744073709551615");
	assert_pickle("\x8a\x09\0\0\0\0\0\0\0\x80\xff.",
	    "-9223372036854775808");
	assert_pickle("\x8a\x09\xff\xff\xff\xff\xff\xff\xff\x7f\xff.",
	    "-9223372036854775809");
	assert_pickle("L-00018446744073709551616L\n.", "-18446744073709551616");
	assert_broken("\x8b\xff\xff\xff\xff.", "@0: an integer of -1 bytes");
	assert_cut("\x8b\x05\0\0\0a.", "@0: the pickle ends inside an integer");
}

static void
refuses_endless_integers(void **state)
{
	static char line[1100];

	(void)state;
	memset(line, '9', sizeof(line));
	line[0] = 'L';
	line[1002] = '\n';
	line[1003] = '.';
	assert_refuses(nnv_pickle_read, (struct nnv_str){ line, 1004 },
	    NNV_E_LIMIT,
	    "@0: an integer of 1001 digits: at most 1000 are read");
	line[1001] = '\n';
	line[1002] = '.';
	assert_true(survives(nnv_pickle_read, (struct nnv_str){ line, 1003 }));
}

static void
reads_texts(void **state)
{
	(void)state;
	assert_pickle("\x8c\x00.", "\"\"");
	assert_pickle("\x8c\x03"
		      "abc.",
	    "\"abc\"");
	assert_pickle("X\x04\0\0\0\xf0\x9f\x98\x80.", "\"\xf0\x9f\x98\x80\"");
	assert_pickle("\x8d\x02\0\0\0\0\0\0\0hi.", "\"hi\"");
	assert_pickle("\x8c\x03\xed\xa0\x80.",
	    "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	assert_broken("\x8c\x02\xc0\xaf.", "@0: a string that is not UTF-8");
	assert_broken("N\x8c\x09"
		      "12345678\xff.",
	    "@1: a string that is not UTF-8");
	assert_cut("X\x00\x02\0\0abc",
	    "@0: the pickle ends inside a string of 512 bytes");
	assert_cut("\x8d\xff\xff\xff\xff\xff\xff\xff\xff.",
	    "@0: the pickle ends inside a string of 18446744073709551615 "
	    "bytes");
	assert_cut("\x8c", "@0: the pickle ends inside SHORT_BINUNICODE");
}

static void
reads_python2_strings(void **state)
{
	(void)state;
	assert_pickle("U\x02\xc3\xa9.", "\"\xc3\xa9\"");
	assert_pickle("U\x02"
		      "a\xe9.",
	    "\"a\xc3\xa9\"");
	assert_pickle("T\x01\0\0\0\xff.", "\"\xc3\xbf\"");
	assert_pickle("S'a\\n\\x41\\101\\\\\\q'\n.", "\"a\\nAA\\\\\\\\q\"");
	assert_pickle("S\"it's\"\n.", "\"it's\"");
	assert_broken("S'a\n.", "@0: a string without quotes around it");
	assert_broken("S'\\'\n.",
	    "@0: a string with an escape that has no meaning");
}

static void
reads_lines(void **state)
{
	(void)state;
	assert_pickle("I01\n.", "true");
	assert_pickle("I00\n.", "false");
	assert_pickle("I1\n.", "1");
	assert_pickle("I-0x10\n.", "-16");
	assert_pickle("F-2.5e-3\n.", "-0.0025");
	assert_pickle("Fnan\n.", "NaN");
	assert_pickle("V\xe9\\u8ba1\\\\u0041\\U0001f600\n.",
	    "\"\xc3\xa9\xe8\xae\xa1\\\\\\\\u0041\xf0\x9f\x98\x80\"");
	assert_broken("I1x\n.", "@0: \"1x\" is no integer");
	assert_broken("F0x1p3\n.", "@0: \"0x1p3\" is no real number");
	assert_broken("V\\u12\n.",
	    "@0: a string with an escape that has no meaning");
	assert_cut("NI12", "@1: the pickle ends inside a line");
}

static void
builds_containers(void **state)
{
	(void)state;
	assert_pickle("].", "[]");
	assert_pickle("]K\x01"
		      "aK\x02"
		      "aK\x03"
		      "a.",
	    "[1, 2, 3]");
	assert_pickle("](K\x01K\x02"
		      "e(K\x03K\x04K\x05"
		      "eK\x06"
		      "a.",
	    "[1, 2, 3, 4, 5, 6]");
	assert_pickle("(K\x01K\x02l.", "[1, 2]");
	assert_pickle("(t.", "[]");
	assert_pickle("K\x01\x85K\x02\x86K\x03K\x04\x87.", "[[[1], 2], 3, 4]");
	assert_pickle("}\x8c\x01"
		      "aK\x01s.",
	    "{\"a\": 1}");
	assert_pickle("}(\x8c\x01"
		      "aK\x01\x8c\x01"
		      "bK\x02u\x8c\x01"
		      "cK\x03s.",
	    "{\"a\": 1, \"b\": 2, \"c\": 3}");
	assert_pickle("(K\x01N\x88Nd.", "{\"1\": null}");
	assert_pickle("\x8f(K\x01K\x02K\x01\x90.", "[1, 2]");
	assert_pickle("(K\x01K\x01\x91.", "[1]");
}

static void
refuses_what_cannot_be_built(void **state)
{
	(void)state;
	assert_broken(")Na.", "@2: adds to a tuple as if it were a list");
	assert_broken("](N\x90.", "@3: adds to a list as if it were a set");
	assert_broken("}(Nu.", "@3: a key without a value");
	assert_broken("}]Ns.", "@1: a list is used as a key");
	assert_broken("}]\x85Ns.", "@1: a list is used as a key");
	assert_broken("\x8f\x94(h\x00\x85\x90.", "@0: a set is used as a key");
	assert_broken("Na.",
	    "@1: APPEND needs 2 values on the stack: "
	    "there are 1");
	assert_broken("]e.", "@1: there is no mark on the stack");
	assert_broken("(e.", "@1: there is nothing on the stack to add to");
	assert_broken("(.",
	    "@1: STOP needs 1 values on the stack: "
	    "there are 0");
	assert_broken("(2.",
	    "@1: DUP needs 1 values on the stack: "
	    "there are 0");
}

static void
minds_marks(void **state)
{
	(void)state;
	assert_pickle("K\x01(0.", "1");
	assert_pickle("K\x01(NN1.", "1");
	assert_pickle("K\x01N0.", "1");
	assert_pickle("K\x01(K\x02.", "2");
	assert_pickle("((K\x01tt.", "[[1]]");
}

static void
remembers(void **state)
{
	(void)state;
	assert_pickle("]\x94h\x00\x86.", "[[], []]");
	assert_pickle("K\x07q\x05h\x05\x86.", "[7, 7]");
	assert_pickle("K\x01q\x00K\x02q\x00h\x00\x87.", "[1, 2, 2]");
	assert_pickle("K\x01p3\ng3\n\x86.", "[1, 1]");
	assert_pickle("K\x01r\x00\x01\0\0j\x00\x01\0\0\x86.", "[1, 1]");
	/* MEMOIZE counts the numbers in use, whatever they are */
	assert_pickle("K\x01q\x01K\x02\x94h\x01\x87.", "[1, 2, 2]");
	assert_broken("h\x00.", "@0: memo index 0 was never stored");
	assert_broken("j\xff\xff\xff\xff.",
	    "@0: memo index 4294967295 was never stored");
	assert_broken("g-1\n.", "@0: \"-1\" is no index of the memo");
	assert_refuses(PICKLE("Nr\xff\xff\xff\xff."), NNV_E_LIMIT,
	    "@1: memo index 4294967295 is beyond what the file can hold");
	assert_broken("(q\x00.",
	    "@1: BINPUT needs 1 values on the stack: "
	    "there are 0");
}

static void
keeps_sharing(void **state)
{
	struct reading r;
	nnv_value root, list;

	(void)state;
	reading_begin(&r,
	    PICKLE("]\x94(h\x00h\x00"
		   "e."));
	root = nnv_tree_root(r.tree);
	assert_int_equal(nnv_value_at(r.tree, root, 0), root);
	assert_int_equal(nnv_value_at(r.tree, root, 1), root);
	reading_end(&r);
	reading_begin(&r,
	    PICKLE("]\x94K\x01"
		   "ah\x00\x86."));
	root = nnv_tree_root(r.tree);
	list = nnv_value_at(r.tree, root, 0);
	assert_int_equal(nnv_value_at(r.tree, root, 1), list);
	assert_int_equal(nnv_value_len(r.tree, list), 1);
	reading_end(&r);
}

static void
refuses_python(void **state)
{
	(void)state;
	assert_unsafe("cos\nsystem\n(X\x02\0\0\0idtR.",
	    "@0: refers to Python object os.system");
	assert_unsafe("\x80\x04\x8c\x02os\x8c\x06system\x93.",
	    "@14: refers to Python object os.system");
	assert_unsafe("]cos\nsystem\n0.",
	    "@1: refers to Python object os.system");
	assert_unsafe("(i__main__\nOld\n.",
	    "@1: refers to Python object __main__.Old");
	assert_unsafe("cbuiltins\nlist\n.",
	    "@15: refers to Python object builtins.list");
	assert_unsafe("N(o.", "@2: makes a Python object");
	assert_unsafe("N)}\x92.", "@3: makes a Python object");
	assert_unsafe("\x82\x01.", "@0: refers to a registered Python object");
	assert_unsafe("Pid\n.", "@0: refers to an object outside the file");
	assert_unsafe("\x97.", "@0: refers to an object outside the file");
	assert_unsafe("N)R.", "@2: calls null");
	assert_unsafe("}}b.", "@2: sets the state of a map");
	assert_unsafe("c_codecs\nencode\n\x8c\x01x\x8c\x05rot13\x86R.",
	    "@27: calls _codecs.encode in a way that is not known");
}

static void
understands_wrappers(void **state)
{
	(void)state;
	assert_pickle("ccollections\nOrderedDict\n)R\x8c\x01"
		      "aK\x01s}\x8c\x01xNsb.",
	    "{\"a\": 1}");
	assert_pickle("c__builtin__\nset\n](K\x01K\x01"
		      "e\x85R.",
	    "[1]");
	assert_pickle(
	    "ccollections\ndefaultdict\ncbuiltins\nlist\n\x85R\x8c\x01"
	    "aK\x01s.",
	    "{\"a\": 1}");
	assert_pickle("cbuiltins\ndict\n]\x8c\x01"
		      "aK\x01\x86"
		      "a\x85R.",
	    "{\"a\": 1}");
	assert_pickle("c_codecs\nencode\nX\x03\0\0\0a\xc3\xbfX\x06\0\0\0latin1"
		      "\x86R.",
	    "\"a\xc3\xbf\"");
	assert_pickle("ctorch\nSize\n(K\x02K\x03t\x85R.", "[2, 3]");
}

/* numpy.dtype(NAME, False, True) with byte order ORDER. */
#define DTYPE(name, order)                                                 \
	"cnumpy\ndtype\n\x8c\x02" name "\x89\x88\x87R(K\x03\x8c\x01" order \
	"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
#define SCALAR "cnumpy._core.multiarray\nscalar\n"

static void
understands_numpy(void **state)
{
	struct reading r;
	struct nnv_str dtype;

	(void)state;
	assert_pickle(SCALAR DTYPE("f4", "<") "C\x04\0\0\xc0\x3f\x86R.", "1.5");
	assert_pickle(SCALAR DTYPE("f2", "<") "C\x02\0\xc0\x86R.", "-2.0");
	assert_pickle(SCALAR DTYPE("i4", ">") "C\x04\xff\xff\xff\xf9\x86R.",
	    "-7");
	assert_pickle(SCALAR DTYPE("u8",
			  "<") "C\x08\xff\xff\xff\xff\xff\xff\xff\xff\x86R.",
	    "18446744073709551615");
	assert_pickle(SCALAR DTYPE("U2", "<") "C\x08\xe9\0\0\0\0\0\0\0\x86R.",
	    "\"\xc3\xa9\"");
	assert_unsafe(SCALAR DTYPE("i4", "<") "C\x02\0\0\x86R.",
	    "@80: calls numpy.core.multiarray.scalar in a way that is not "
	    "known");
	reading_begin(&r,
	    PICKLE(SCALAR DTYPE("i4", ">") "C\x04\0\0\0\x01\x86R."));
	dtype = nnv_value_dtype(r.tree, nnv_tree_root(r.tree));
	assert_true(nnv_str_eq(dtype, NNV_STR(">i4")));
	reading_end(&r);
}

static void
knows_protocols_and_frames(void **state)
{
	(void)state;
	assert_pickle("\x80\x05N.", "null");
	assert_pickle("\x80\x04\x95\x02\0\0\0\0\0\0\0N.", "null");
	assert_broken("\x80\x06N.",
	    "@0: pickle protocol 6: the newest that is known is 5");
	assert_cut("\x95\x03\0\0\0\0\0\0\0N.",
	    "@0: the pickle ends inside a frame of 3 bytes");
	assert_cut("", "@0: the pickle ends without STOP");
	assert_cut("N", "@1: the pickle ends without STOP");
	assert_broken("N\xff.", "@1: 0xff is no instruction of a pickle");
}

static void
compares_keys(void **state)
{
	struct reading r;

	(void)state;
	assert_pickle("}(K\x02NK\x01NK\x02\x88u.",
	    "{\"2\": true, \"1\": null}");
	assert_pickle("}(K\x01N\x88K\x02G\x3f\xf0\0\0\0\0\0\0K\x03u.",
	    "{\"1\": 3}");
	assert_pickle("}(K\x01\x85NK\x01\x85K\x02u.", "{\"[1]\": 2}");
	assert_pickle("}(C\x01"
		      "aN\x8c\x01"
		      "aK\x02u.",
	    "{\"a\": null, \"a\": 2}");
	reading_begin(&r,
	    PICKLE("}(\x8c\x01"
		   "aK\x01\x8c\x01"
		   "bK\x02\x8c\x01"
		   "aK\x03u."));
	assert_string_equal(r.json.p, "{\"a\": 3, \"b\": 2}");
	assert_int_equal(r.diag.nwarnings, 1);
	assert_string_equal(r.diag.warnings[0].text,
	    "the key \"a\" occurs twice: the last value counts");
	reading_end(&r);
}

static void
checks_the_sum_of_jittor(void **state)
{
	char file[] = "K\x05.12345678901234567890HCAJSLHD";
	struct nnv_str all = { file, sizeof(file) - 1 };

	(void)state;
	nnv_sha1((struct nnv_str){ file, 3 }, (unsigned char *)file + 3);
	assert_reads(nnv_pickle_read, all, "5");
	file[1] ^= 1;
	assert_refuses(nnv_pickle_read, all, NNV_E_SYNTAX,
	    "@3: checksum differs: the file is damaged");
}

static void
warns_of_bytes_behind(void **state)
{
	struct reading r;

	(void)state;
	reading_begin(&r, PICKLE("N.K\x01."));
	assert_string_equal(r.json.p, "null");
	assert_int_equal(r.diag.nwarnings, 1);
	assert_string_equal(r.diag.warnings[0].text,
	    "3 bytes behind the end of the pickle are not read");
	reading_end(&r);
}

/* A bit of everything, in the shape of a trace. */
static const char everything[] =
    "\x80\x04\x95\xa0\0\0\0\0\0\0\0}\x94(\x8c\tnode_data\x94}\x94(K\x01}\x94("
    "\x8c\x02id\x94K\x01\x8c\x06inputs\x94](J\x05\0\0\0M\x06\x01"
    "e\x8c\x05"
    "attrs\x94}\x94(\x8c\x04name\x94\x8c\x05"
    "conv1\x94\x8c\x05shape\x94X\x06\0\0\0[1,2,]\x94\x8c\x02id\x94Nuu"
    "K\x00}(h\x04K\x02h\x05)\x85h\x06\x8f(G?\xf0\0\0\0\0\0\0\x88\x90uu"
    "Vl\\u00e9\n(I12\nL345678901234567890123L\nF1.5\nS'x\\x41'\nlp90\n"
    "cbuiltins\nfrozenset\n](K\x07K\x07"
    "e\x85R\x8c\x01zu."
    "behind";

static void
survives_every_cut(void **state)
{
	struct nnv_str all = { everything, sizeof(everything) - 1 };
	size_t end = all.n - strlen("behind"), n;
	char *copy;

	(void)state;
	assert_true(survives(nnv_pickle_read, all));
	for (n = 0; n < all.n; n++) {
		/* of its own size, so that a sanitizer sees the end */
		copy = malloc(n + 1);
		assert_non_null(copy);
		memcpy(copy, all.p, n);
		copy = realloc(copy, n != 0 ? n : 1);
		assert_non_null(copy);
		assert_int_equal(survives(nnv_pickle_read,
				     (struct nnv_str){ copy, n }),
		    n >= end);
		free(copy);
	}
}

static void
survives_every_flip(void **state)
{
	char file[sizeof(everything) - 1];
	size_t i, done = 0;
	int bit;

	(void)state;
	for (i = 0; i < sizeof(file); i++) {
		for (bit = 0; bit < 8; bit++) {
			memcpy(file, everything, sizeof(file));
			file[i] ^= (char)(1 << bit);
			done += survives(nnv_pickle_read,
			    (struct nnv_str){ file, sizeof(file) });
		}
	}
	assert_in_range(done, 1, sizeof(file) * 8 - 1);
}

static bool
read_scarcely(reader_fn *read, struct nnv_str bytes)
{
	const struct nnv_tree_limits limits = { (size_t)1 << 30,
		READING_DEPTH };
	struct nnv_tree *tree = nnv_tree_new(limits);
	struct nnv_diag diag;
	bool done;

	nnv_diag_init(&diag, NULL);
	done = tree != NULL && read(tree, bytes, &diag);
	if (!done && tree != NULL)
		assert_int_equal(diag.code, NNV_E_MEMORY);
	nnv_tree_free(tree);
	return done;
}

static void
survives_a_lack_of_memory(void **state)
{
	struct nnv_str all = { everything, sizeof(everything) - 1 };
	long n, refused = 0;
	bool done;

	(void)state;
	for (n = 0;; n++) {
		scarce_begin(n);
		done = read_scarcely(nnv_pickle_read, all);
		if (!scarce_end())
			break;
		refused += !done;
	}
	assert_true(done);
	assert_in_range(refused, 4, 1000);
}

static void
keeps_to_the_limit(void **state)
{
	const struct nnv_tree_limits limits = { 4096, 0 };
	struct nnv_tree *tree = nnv_tree_new(limits);
	struct nnv_diag diag;
	char lists[1001];

	(void)state;
	memset(lists, ']', sizeof(lists));
	lists[sizeof(lists) - 1] = '.';
	nnv_diag_init(&diag, NULL);
	assert_non_null(tree);
	assert_false(nnv_pickle_read(tree,
	    (struct nnv_str){ lists, sizeof(lists) }, &diag));
	assert_int_equal(diag.code, NNV_E_LIMIT);
	nnv_tree_free(tree);
}

/* Tuples of tuples, each holding the one before ten times: as a key, that is
 * 10^30 comparisons for who does not count. */
static void
refuses_to_laugh(void **state)
{
	char file[2048] = "}(K\x01t\x94";
	size_t n = 6, i, j;

	(void)state;
	for (i = 0; i < 30; i++) {
		file[n++] = '0';
		file[n++] = '(';
		for (j = 0; j < 10; j++) {
			file[n++] = 'h';
			file[n++] = (char)i;
		}
		file[n++] = 't';
		file[n++] = '\x94';
	}
	file[n++] = 'N';
	file[n++] = 's';
	file[n++] = '.';
	assert_refuses(nnv_pickle_read, (struct nnv_str){ file, n },
	    NNV_E_LIMIT,
	    "the keys of the maps in this file take too long to compare");
}

/* A pickle that gives what BODY leaves on the stack, and goes on for longer
 * than what is only done far from the end looks ahead. */
static struct nnv_str
padded(struct nnv_str body)
{
	static char pickle[2048];
	size_t n = 0;

	memcpy(pickle, body.p, body.n);
	n = body.n;
	memcpy(pickle + n, "X\x2c\x01\0\0", 5);
	memset(pickle + n + 5, 'x', 300);
	memcpy(pickle + n + 305, "0.", 2);
	return (struct nnv_str){ pickle, n + 307 };
}

#define assert_padded(literal, json) \
	assert_reads(nnv_pickle_read, padded(NNV_STR(literal)), json)

static void
reads_texts_in_rows(void **state)
{
	(void)state;
	assert_padded("(\x8c\x01"
		      "a\x8c\x00\x8c\x09"
		      "123456789\x94\x8c\x08"
		      "12345678\x94"
		      "K\x05"
		      "h\x01h\x00l",
	    "[\"a\", \"\", \"123456789\", \"12345678\", 5, "
	    "\"12345678\", \"123456789\"]");
	assert_padded("(\x8c\x02\xc3\xa9\x8c\x24"
		      "0123456789012345678901234567890123\xc3\xa9l",
	    "[\"\xc3\xa9\", "
	    "\"0123456789012345678901234567890123\xc3\xa9\"]");
	assert_refuses(nnv_pickle_read,
	    padded(NNV_STR("(\x8c\x01"
			   "a\x8c\x02"
			   "b\xff")),
	    NNV_E_SYNTAX, "@4: a string that is not UTF-8");
	assert_refuses(nnv_pickle_read,
	    padded(NNV_STR("(\x8c\x01"
			   "a\x8c\x2a"
			   "0123456789012345678901234567890123456789\xff.")),
	    NNV_E_SYNTAX, "@4: a string that is not UTF-8");
}

static void
reads_pushes_in_rows(void **state)
{
	(void)state;
	assert_padded("(K\x01(M\x02\x01(K\x03"
		      "\x8c\x03"
		      "abc\x94tt(h\x00"
		      "0lK\x04l",
	    "[1, [258, [3, \"abc\"]], [], 4]");
	assert_refuses(nnv_pickle_read, padded(NNV_STR("(K\x01h\x02")),
	    NNV_E_SYNTAX, "@3: memo index 2 was never stored");
	assert_refuses(nnv_pickle_read, padded(NNV_STR("K\x01(a")),
	    NNV_E_SYNTAX,
	    "@3: APPEND needs 2 values on the stack: there are 0");
	assert_refuses(nnv_pickle_read, padded(NNV_STR("K\x01ll")),
	    NNV_E_SYNTAX, "@2: there is no mark on the stack");
}

/* A map of a stack, as a trace has it. */
#define FRAME(name)                                  \
	"}\x94(\x8c\x04name\x94\x8c\x05" name "\x94" \
	"\x8c\x04type\x94\x8c\x04"                   \
	"Conv\x94\x8c\x04line\x94Kbu"
#define FRAME_JSON(name) \
	"{\"name\": \"" name "\", \"type\": \"Conv\", \"line\": 98}"

/* The value of the first key of the I-th map of a list. */
static nnv_value
text_at(const struct nnv_tree *tree, nnv_value list, size_t i)
{
	return nnv_value_at(tree, nnv_value_at(tree, list, i), 0);
}

static void
reads_maps_that_come_again(void **state)
{
	struct nnv_tree *tree = nnv_tree_new((struct nnv_tree_limits){
	    SIZE_MAX, 512 });
	struct nnv_diag diag;
	nnv_value root;

	(void)state;
	nnv_diag_init(&diag, NULL);
	assert_non_null(tree);
	assert_true(nnv_pickle_read(tree,
	    padded(NNV_STR("](" FRAME("conv1") FRAME("conv2") FRAME("conv1")
		    FRAME("conv1") "e")),
	    &diag));
	root = nnv_tree_root(tree);
	for (size_t i = 1; i < 4; i++)
		assert_int_not_equal(nnv_value_at(tree, root, 0),
		    nnv_value_at(tree, root, i));
	/* their values are one */
	assert_int_equal(text_at(tree, root, 0), text_at(tree, root, 2));
	assert_int_equal(text_at(tree, root, 0), text_at(tree, root, 3));
	assert_int_not_equal(text_at(tree, root, 0), text_at(tree, root, 1));
	nnv_tree_free(tree);
	/* what they store in the memo is there: 0 to 5, 6 to 11 */
	assert_padded("](" FRAME("conv1") FRAME("conv1") "h\x08h\x0bh\x06"
							 "e",
	    "[" FRAME_JSON("conv1") ", " FRAME_JSON(
		"conv1") ", \"conv1\", \"line\", " FRAME_JSON("conv1") "]");
}

static void
keeps_maps_apart_that_change(void **state)
{
	(void)state;
	assert_padded("](" FRAME("conv1") FRAME("conv1") "eh\x06\x8c\x01"
							 "xK\x01s0",
	    "[" FRAME_JSON("conv1") ", {\"name\": \"conv1\", "
				    "\"type\": \"Conv\", \"line\": 98, "
				    "\"x\": 1}]");
	assert_padded("](" FRAME("conv1") "h\x00\x8c\x01"
					  "xK\x01s" FRAME("conv1") "e",
	    "[{\"name\": \"conv1\", \"type\": \"Conv\", \"line\": 98, "
	    "\"x\": 1}, {\"name\": \"conv1\", \"type\": \"Conv\", "
	    "\"line\": 98, \"x\": 1}, " FRAME_JSON("conv1") "]");
	/* numbers of the memo that the file chooses can be taken again */
	assert_padded("](" FRAME("conv1") "Nq\x02"
					  "0" FRAME("conv1") "h\x02h\x08"
							     "e",
	    "[" FRAME_JSON("conv1") ", " FRAME_JSON(
		"conv1") ", null, \"conv1\"]");
}

/* A list: 70 000 texts "NNNNN", each stored, with "x" behind the 69 000th, and
 * what REST makes of it; its JSON's last bytes are TAIL. */
static void
assert_late(struct nnv_str rest, const char *tail)
{
	struct nnv_text pickle = NNV_TEXT_EMPTY;
	struct nnv_str json;
	struct reading r;

	nnv_text_adds(&pickle, "](");
	for (int i = 0; i < 70000; i++) {
		nnv_text_addf(&pickle, "\x8c\x05%05d\x94", i);
		if (i == 68999)
			nnv_text_adds(&pickle, "\x8c\x01x\x94");
	}
	nnv_text_add(&pickle, rest);
	nnv_text_adds(&pickle, "e.");
	assert_false(nnv_text_failed(&pickle));
	reading_begin(&r, nnv_pickle_read, nnv_text_str(&pickle));
	if (!r.done)
		fail_msg("refused: %s", r.diag.text);
	json = nnv_text_str(&r.json);
	assert_int_equal(nnv_value_len(r.tree, nnv_tree_root(r.tree)), 70004);
	assert_true(nnv_str_ends(json, nnv_str(tail)));
	reading_end(&r);
	nnv_text_release(&pickle);
}

static void
comes_back_to_what_it_did_not_keep(void **state)
{
	(void)state;
	/* 69000: "x"; 100: kept; 69001 and 65536: not kept */
	assert_late(NNV_STR("j\x88\x0d\x01\0hdh\x00"),
	    "\"69999\", \"x\", \"00100\", \"00000\"]");
	assert_late(NNV_STR("j\x89\x0d\x01\0j\x00\x00\x01\0j\x6f\x11\x01\0"),
	    "\"69999\", \"69000\", \"65536\", \"69998\"]");
	/* a number that the file chooses */
	assert_late(NNV_STR("NNr\x01\x00\x01\0"
			    "0j\x01\x00\x01\0h\x02"),
	    "\"69999\", null, null, \"00002\"]");
	assert_refuses(nnv_pickle_read, NNV_STR("]j\x01\x00\x01\0."),
	    NNV_E_SYNTAX, "@1: memo index 65537 was never stored");
}

UNIT_MAIN("pickle", cmocka_unit_test(reads_atoms),
    cmocka_unit_test(reads_texts_in_rows),
    cmocka_unit_test(reads_pushes_in_rows),
    cmocka_unit_test(comes_back_to_what_it_did_not_keep),
    cmocka_unit_test(reads_maps_that_come_again),
    cmocka_unit_test(keeps_maps_apart_that_change),
    cmocka_unit_test(reads_large_integers),
    cmocka_unit_test(refuses_endless_integers), cmocka_unit_test(reads_texts),
    cmocka_unit_test(reads_python2_strings), cmocka_unit_test(reads_lines),
    cmocka_unit_test(builds_containers),
    cmocka_unit_test(refuses_what_cannot_be_built),
    cmocka_unit_test(minds_marks), cmocka_unit_test(remembers),
    cmocka_unit_test(keeps_sharing), cmocka_unit_test(refuses_python),
    cmocka_unit_test(understands_wrappers), cmocka_unit_test(understands_numpy),
    cmocka_unit_test(knows_protocols_and_frames),
    cmocka_unit_test(compares_keys), cmocka_unit_test(checks_the_sum_of_jittor),
    cmocka_unit_test(warns_of_bytes_behind),
    cmocka_unit_test(survives_every_cut), cmocka_unit_test(survives_every_flip),
    cmocka_unit_test(survives_a_lack_of_memory),
    cmocka_unit_test(keeps_to_the_limit), cmocka_unit_test(refuses_to_laugh))
