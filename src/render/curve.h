/* The geometry of arrows. */
#ifndef NNV_RENDER_CURVE_H
#define NNV_RENDER_CURVE_H

#include <graphviz/gvc.h>

/* The point at T, 0 to 1, of the cubic Bezier curve of P[0] to P[3]. */
static inline pointf
nnv_curve_point(const pointf *p, double t)
{
	double u = 1 - t;
	double a = u * u * u, b = 3 * u * u * t, c = 3 * u * t * t;
	double d = t * t * t;

	return (pointf){ a * p[0].x + b * p[1].x + c * p[2].x + d * p[3].x,
		a * p[0].y + b * p[1].y + c * p[2].y + d * p[3].y };
}

#endif
