/*
 * A hash table with open addressing. A slot holds a name and 32 bits of its
 * hash, so that a probe touches the text only when it is almost surely the
 * right one, and growing never reads a text again.
 *
 * The texts come from files that may be hostile: against names chosen to
 * collide, the hash is SipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast
 * short-input PRF", 2012) under a key that differs in every table. The cheaper
 * hashes built from one multiplication a word have collisions that hold under
 * every seed.
 *
 * Most texts of a trace are among the few hundred that were asked for just now.
 * In front of the table stands a small one without probing, in which the newest
 * name takes its place by a glance at the length and both ends of its text.
 * Texts that are chosen to share a place only find it taken, and go on to the
 * table.
 */
#define _DEFAULT_SOURCE
#include "nnviz/names.h"

#include <assert.h>
#include <time.h>
#include <unistd.h>

enum {
	SLOTS_MIN = 256,
	BATCH = 32,  /* integers that are named in one go */
	DECIMAL = 20 /* digits of one, and its sign */
};

struct sip {
	uint64_t a, b, c, d;
};

static uint64_t
rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

static inline void
sip_round(struct sip *s)
{
	s->a += s->b;
	s->c += s->d;
	s->b = rotate(s->b, 13) ^ s->a;
	s->d = rotate(s->d, 16) ^ s->c;
	s->a = rotate(s->a, 32) + s->d;
	s->c += s->b;
	s->d = rotate(s->d, 21) ^ s->a;
	s->b = rotate(s->b, 17) ^ s->c;
	s->c = rotate(s->c, 32);
}

static inline void
sip_word(struct sip *s, uint64_t word)
{
	s->d ^= word;
	sip_round(s);
	s->a ^= word;
}

/* Words are loaded in the machine's order: no hash leaves the process. */
static uint32_t
hash(const uint64_t seed[2], struct nnv_str text)
{
	struct sip s = { seed[0] ^ UINT64_C(0x736f6d6570736575),
		seed[1] ^ UINT64_C(0x646f72616e646f6d),
		seed[0] ^ UINT64_C(0x6c7967656e657261),
		seed[1] ^ UINT64_C(0x7465646279746573) };
	uint64_t word, last[1] = { 0 };
	size_t at;
	int i;

	for (at = 0; text.n - at >= sizeof(word); at += sizeof(word)) {
		memcpy(&word, text.p + at, sizeof(word));
		sip_word(&s, word);
	}
	if (at < text.n)
		memcpy(last, text.p + at, text.n - at);
	sip_word(&s, last[0] ^ (uint64_t)text.n << 56);
	s.c ^= 0xff;
	for (i = 0; i < 3; i++)
		sip_round(&s);
	word = s.a ^ s.b ^ s.c ^ s.d;
	return (uint32_t)(word ^ word >> 32);
}

/* Without entropy from the system, time and address are what is left. */
static void
choose_seed(const struct nnv_names *names, uint64_t seed[2])
{
	struct timespec now = { 0, 0 };

	if (getentropy(seed, 2 * sizeof(seed[0])) == 0)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	seed[0] = (uint64_t)now.tv_sec << 30 ^ (uint64_t)now.tv_nsec;
	seed[1] = (uint64_t)(uintptr_t)names;
}

void
nnv_names_init(struct nnv_names *names)
{
	*names = (struct nnv_names){ .failed = false };
	nnv_arena_init(&names->arena, SIZE_MAX);
	choose_seed(names, names->seed);
}

void
nnv_names_release(struct nnv_names *names)
{
	nnv_arena_release(&names->arena);
	nnv_heap_free(names->texts);
	nnv_heap_free(names->slots);
	nnv_names_init(names);
}

/* The slot that holds TEXT, or the free one where it belongs. */
static size_t
find_slot(const struct nnv_names *names, struct nnv_str text, uint32_t h)
{
	size_t mask = names->nslots - 1, at = h & mask;

	for (;; at = (at + 1) & mask) {
		const struct nnv_names_slot *slot = &names->slots[at];

		if (slot->name == NNV_NO_NAME)
			return at;
		if (slot->hash == h &&
		    nnv_str_eq(names->texts[slot->name], text))
			return at;
	}
}

static void
move_slots(const struct nnv_names *names, struct nnv_names_slot *to, size_t n)
{
	size_t i, at;

	for (i = 0; i < names->nslots; i++) {
		if (names->slots[i].name == NNV_NO_NAME)
			continue;
		at = names->slots[i].hash & (n - 1);
		while (to[at].name != NNV_NO_NAME)
			at = (at + 1) & (n - 1);
		to[at] = names->slots[i];
	}
}

/* Double the table; below two thirds full, probes stay short. */
static bool
grow_slots(struct nnv_names *names)
{
	size_t n = names->nslots != 0 ? names->nslots * 2 : SLOTS_MIN;
	struct nnv_names_slot *slots = nnv_heap_alloc(n, sizeof(*slots));

	if (slots == NULL)
		return false;
	move_slots(names, slots, n);
	nnv_heap_free(names->slots);
	names->slots = slots;
	names->nslots = n;
	return true;
}

/* Room for one more name in every array, so that adding it cannot fail. */
static bool
make_room(struct nnv_names *names)
{
	void *texts = names->texts;

	if (names->ntexts >= UINT32_MAX)
		return false;
	if (names->ntexts + 2 > names->nslots / 3 * 2 && !grow_slots(names))
		return false;
	if (!nnv_heap_grow(&texts, &names->cap, names->ntexts + 2,
		sizeof(*names->texts)))
		return false;
	names->texts = texts;
	if (names->ntexts == 0)
		names->texts[names->ntexts++] = nnv_str(NULL);
	return true;
}

/* The place of TEXT among the recent names. */
static size_t
glance(struct nnv_str text)
{
	uint64_t first = 0, last = 0;

	if (text.n >= sizeof(first)) {
		memcpy(&first, text.p, sizeof(first));
		memcpy(&last, text.p + text.n - sizeof(last), sizeof(last));
	} else {
		for (size_t i = 0; i < text.n; i++)
			first = first << 8 | (unsigned char)text.p[i];
	}
	first = (first ^ rotate(last, 23) ^ text.n) *
	    UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)(first >> 32) % NNV_NAMES_RECENT;
}

void
nnv_names_expect(struct nnv_names *names, size_t n)
{
	size_t want = names->ntexts + n + 2;
	void *texts = names->texts;

	if (n > UINT32_MAX / 2)
		return;
	while (want > names->nslots / 3 * 2 && grow_slots(names))
		continue;
	if (names->nslots != 0 &&
	    nnv_heap_grow(&texts, &names->cap, want, sizeof(*names->texts)))
		names->texts = texts;
}

/* A TEXT whose hash is H, and that is not among the recent ones. */
static nnv_name
add_hashed(struct nnv_names *names, struct nnv_str text, uint32_t h)
{
	size_t at;
	nnv_name name;
	const char *copy;

	if (!make_room(names))
		goto refuse;
	at = find_slot(names, text, h);
	if (names->slots[at].name != NNV_NO_NAME)
		return names->slots[at].name;
	copy = nnv_arena_copy(&names->arena, text);
	if (copy == NULL)
		goto refuse;
	name = (nnv_name)names->ntexts++;
	names->slots[at] = (struct nnv_names_slot){ h, name };
	names->texts[name] = (struct nnv_str){ copy, text.n };
	if (text.n > names->longest)
		names->longest = text.n;
	return name;
refuse:
	names->failed = true;
	return NNV_NO_NAME;
}

static nnv_name
add(struct nnv_names *names, struct nnv_str text)
{
	return add_hashed(names, text, hash(names->seed, text));
}

nnv_name
nnv_names_add(struct nnv_names *names, struct nnv_str text)
{
	nnv_name *recent;

	if (text.p == NULL || names->failed)
		return NNV_NO_NAME;
	recent = &names->recent[glance(text)];
	if (*recent == NNV_NO_NAME || !nnv_str_eq(names->texts[*recent], text))
		*recent = add(names, text);
	return *recent;
}

void
nnv_names_hint(const struct nnv_names *names, struct nnv_str text)
{
	if (text.p != NULL && names->nslots != 0)
		NNV_PREFETCH(&names->slots[hash(names->seed, text) &
		    (names->nslots - 1)]);
}

/* VALUE in decimal, at the end of BUF. */
static struct nnv_str
decimal(int64_t value, char buf[DECIMAL])
{
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	char *p = buf + DECIMAL;

	do {
		*--p = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest != 0);
	if (value < 0)
		*--p = '-';
	return (struct nnv_str){ p, (size_t)(buf + DECIMAL - p) };
}

/* Up to BATCH integers. */
static void
add_batch(struct nnv_names *names, const int64_t *ints, size_t n, nnv_name *out)
{
	char digits[BATCH][DECIMAL];
	struct nnv_str texts[BATCH];
	uint32_t hashes[BATCH];
	size_t i;

	for (i = 0; i < n; i++) {
		texts[i] = decimal(ints[i], digits[i]);
		hashes[i] = hash(names->seed, texts[i]);
		if (names->nslots != 0)
			NNV_PREFETCH(&names->slots[hashes[i] &
			    (names->nslots - 1)]);
	}
	for (i = 0; i < n; i++)
		out[i] = add_hashed(names, texts[i], hashes[i]);
}

bool
nnv_names_add_ints(struct nnv_names *names, const int64_t *ints, size_t n,
    nnv_name *out)
{
	size_t i;

	for (i = 0; i < n && !names->failed; i += BATCH)
		add_batch(names, ints + i, n - i < BATCH ? n - i : BATCH,
		    out + i);
	return !names->failed;
}

nnv_name
nnv_names_find(const struct nnv_names *names, struct nnv_str text)
{
	if (text.p == NULL || names->nslots == 0)
		return NNV_NO_NAME;
	return names->slots[find_slot(names, text, hash(names->seed, text))]
	    .name;
}

struct nnv_str
nnv_names_text(const struct nnv_names *names, nnv_name name)
{
	if (name == NNV_NO_NAME)
		return nnv_str(NULL);
	assert(name < names->ntexts);
	return names->texts[name];
}
