#include "color.h"

#include <math.h>

#include "nnviz/text.h"
#include "palette.h"

enum { NAME_MAX = 32, NAMED_MAX = 160 };

static struct nnv_color
from_rgb(uint32_t rgb)
{
	return (struct nnv_color){ (uint8_t)(rgb >> 16),
		(uint8_t)(rgb >> 8 & 0xff), (uint8_t)(rgb & 0xff) };
}

int
nnv_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The digits behind the "#": three or six of them. */
static bool
parse_hex(struct nnv_str digits, struct nnv_color *color)
{
	uint32_t rgb = 0;
	size_t i;

	if (digits.n != 3 && digits.n != 6)
		return false;
	for (i = 0; i < digits.n; i++) {
		int digit = nnv_hex_digit(digits.p[i]);

		if (digit < 0)
			return false;
		rgb = rgb << 4 | (uint32_t)digit;
		if (digits.n == 3)
			rgb = rgb << 4 | (uint32_t)digit;
	}
	*color = from_rgb(rgb);
	return true;
}

/* Names are sorted, in small letters; CSS takes any. */
static bool
parse_name(struct nnv_str name, struct nnv_color *color)
{
	size_t low = 0, high = nnv_nnamed_colors, i;
	char small[NAME_MAX];

	if (name.n > sizeof(small))
		return false;
	for (i = 0; i < name.n; i++)
		small[i] = (char)(name.p[i] >= 'A' && name.p[i] <= 'Z'
			? name.p[i] - 'A' + 'a'
			: name.p[i]);
	name.p = small;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = nnv_str_cmp(name,
		    nnv_str(nnv_named_colors[mid].name));

		if (order == 0) {
			*color = from_rgb(nnv_named_colors[mid].rgb);
			return true;
		}
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return false;
}

/*
 * Graphviz puts the number of colours behind the scheme's name ("set28" is
 * Set2 with 8): with or without, the full scheme is meant.
 */
static bool
is_scheme(struct nnv_str text, struct nnv_str name)
{
	size_t i;

	if (text.n < name.n || text.n - name.n > 2 ||
	    !nnv_str_same((struct nnv_str){ text.p, name.n }, name))
		return false;
	for (i = name.n; i < text.n; i++)
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
	return true;
}

bool
nnv_color_of_scheme(struct nnv_str name, unsigned n, struct nnv_color *color)
{
	const struct nnv_scheme *scheme;

	for (scheme = nnv_schemes; scheme->name != NULL; scheme++)
		if (is_scheme(name, nnv_str(scheme->name))) {
			*color = from_rgb(scheme->colors[n % scheme->n]);
			return true;
		}
	return false;
}

/* "set28/3", colours counted from 1. */
static bool
parse_scheme(struct nnv_str text, struct nnv_color *color)
{
	const char *slash = memchr(text.p, '/', text.n);
	unsigned n = 0;
	const char *p;

	if (slash == NULL || slash + 1 == text.p + text.n ||
	    text.p + text.n - slash > 3)
		return false;
	for (p = slash + 1; p < text.p + text.n; p++) {
		if (*p < '0' || *p > '9')
			return false;
		n = n * 10 + (unsigned)(*p - '0');
	}
	return n > 0 &&
	    nnv_color_of_scheme((struct nnv_str){ text.p,
				    (size_t)(slash - text.p) },
		n - 1, color);
}

bool
nnv_color_parse(struct nnv_str text, struct nnv_color *color)
{
	struct nnv_str rest;

	if (text.n == 0)
		return false;
	rest = nnv_str_from(text, 1);
	if (text.p[0] == '#')
		return parse_hex(rest, color);
	if (text.p[0] == '/')
		return rest.n != 0 && parse_scheme(rest, color);
	return parse_name(text, color);
}

struct nnv_str
nnv_color_nearest(struct nnv_str name)
{
	struct nnv_str names[NAMED_MAX] = { { NULL, 0 } };
	size_t n = 0, nearest;

	for (; n < nnv_nnamed_colors && n < NAMED_MAX; n++)
		names[n] = nnv_str(nnv_named_colors[n].name);
	nearest = nnv_nearest(name, names, n);
	return nearest < n ? names[nearest] : nnv_str(NULL);
}

void
nnv_color_write(struct nnv_color color, char buf[NNV_COLOR_TEXT])
{
	static const char digits[] = "0123456789abcdef";
	uint8_t parts[3] = { color.r, color.g, color.b };
	int i;

	buf[0] = '#';
	for (i = 0; i < 3; i++) {
		buf[1 + 2 * i] = digits[parts[i] >> 4];
		buf[2 + 2 * i] = digits[parts[i] & 15];
	}
	buf[7] = '\0';
}

static uint8_t
mix_part(uint8_t a, uint8_t b, double share)
{
	return (uint8_t)(a + (b - a) * share + 0.5);
}

struct nnv_color
nnv_color_mix(struct nnv_color a, struct nnv_color b, double share)
{
	return (struct nnv_color){ mix_part(a.r, b.r, share),
		mix_part(a.g, b.g, share), mix_part(a.b, b.b, share) };
}

static double
linear_part(uint8_t part)
{
	double x = part / 255.0;

	return x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4);
}

double
nnv_color_luminance(struct nnv_color color)
{
	return 0.2126 * linear_part(color.r) + 0.7152 * linear_part(color.g) +
	    0.0722 * linear_part(color.b);
}

double
nnv_color_contrast(struct nnv_color a, struct nnv_color b)
{
	double la = nnv_color_luminance(a), lb = nnv_color_luminance(b);

	return la > lb ? (la + 0.05) / (lb + 0.05) : (lb + 0.05) / (la + 0.05);
}

struct nnv_color
nnv_color_readable(struct nnv_color want, struct nnv_color fill)
{
	static const struct nnv_color black = { 0, 0, 0 };
	static const struct nnv_color white = { 255, 255, 255 };
	struct nnv_color end = nnv_color_contrast(black, fill) >=
		nnv_color_contrast(white, fill)
	    ? black
	    : white;
	struct nnv_color color = want;
	int step;

	for (step = 1; step <= 10 && nnv_color_contrast(color, fill) < 4.5;
	     step++)
		color = nnv_color_mix(want, end, step / 10.0);
	return color;
}
