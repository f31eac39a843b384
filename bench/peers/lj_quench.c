/*
 * Quenches Lennard-Jones clusters from given starts by the same limited-memory BFGS as src/optim/landscape/quench.ts:
 * four pairs, no line search, steps cut to a longest one, steep rises divided by ten. Arguments: file of starts (float64),
 * number of starts, coordinates of each, |g|/sqrt(n) at the end, longest step. Prints processor seconds, evaluations and
 * the sum of the energies.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PAIRS 4
#define MOST 600

static long evaluations;

static double energy(int n, const double *x, double *g) {
  double e = 0;
  evaluations++;
  for (int i = 0; i < n; i++) g[i] = 0;
  for (int i = 0; i < n - 3; i += 3) {
    double xi = x[i], yi = x[i + 1], zi = x[i + 2], gx = 0, gy = 0, gz = 0;
    for (int j = i + 3; j < n; j += 3) {
      double dx = xi - x[j], dy = yi - x[j + 1], dz = zi - x[j + 2];
      double inverse = 1 / (dx * dx + dy * dy + dz * dz);
      double sixth = inverse * inverse * inverse;
      double force = -24 * inverse * sixth * (2 * sixth - 1);
      e += sixth * (sixth - 1);
      gx += force * dx;
      gy += force * dy;
      gz += force * dz;
      g[j] -= force * dx;
      g[j + 1] -= force * dy;
      g[j + 2] -= force * dz;
    }
    g[i] += gx;
    g[i + 1] += gy;
    g[i + 2] += gz;
  }
  return 4 * e;
}

static double dot(int n, const double *a, const double *b) {
  double sum = 0;
  for (int i = 0; i < n; i++) sum += a[i] * b[i];
  return sum;
}

static double quench(int n, double *x, double rms, double longest) {
  static double s[PAIRS][MOST], y[PAIRS][MOST], curvature[PAIRS], part[PAIRS];
  static double g[MOST], trial[MOST], slope[MOST], d[MOST];
  int count = 0, first = 0;
  double downward = 0, e = energy(n, x, g), length = sqrt(dot(n, g, g));
  for (int iteration = 0; iteration < 5000 && length > rms * sqrt(n); iteration++) {
    for (int i = 0; i < n; i++) d[i] = -g[i];
    for (int k = count - 1; k >= 0; k--) {
      int p = (first + k) % PAIRS;
      part[p] = dot(n, s[p], d) / curvature[p];
      for (int i = 0; i < n; i++) d[i] -= part[p] * y[p][i];
    }
    if (count) {
      int p = (first + count - 1) % PAIRS;
      double scale = curvature[p] / dot(n, y[p], y[p]);
      for (int i = 0; i < n; i++) d[i] *= scale;
    }
    for (int k = 0; k < count; k++) {
      int p = (first + k) % PAIRS;
      double back = dot(n, y[p], d) / curvature[p];
      for (int i = 0; i < n; i++) d[i] += (part[p] - back) * s[p][i];
    }
    double factor = 1;
    if (!count) {
      factor = 0.1 * fmin(fmax(length, 0.01), 1 / length);
      if (downward > factor) factor = downward;
    }
    double step = factor * sqrt(dot(n, d, d));
    if (step > longest) factor *= longest / step;
    int accepted = 0;
    for (int cut = 0; cut <= 10 && !accepted; cut++) {
      for (int i = 0; i < n; i++) trial[i] = x[i] + factor * d[i];
      double there = energy(n, trial, slope);
      if (there - e > 1e-10) {
        factor /= 10;
        continue;
      }
      int p = (first + count) % PAIRS;
      double along = 0, square = 0;
      for (int i = 0; i < n; i++) {
        s[p][i] = trial[i] - x[i];
        y[p][i] = slope[i] - g[i];
        along += s[p][i] * y[p][i];
        square += y[p][i] * y[p][i];
      }
      if (along < 0) {
        downward = -along / square;
        count = 0;
      } else {
        downward = 0;
        curvature[p] = along;
        if (count == PAIRS) first = (first + 1) % PAIRS;
        else count++;
      }
      memcpy(x, trial, n * sizeof *x);
      memcpy(g, slope, n * sizeof *g);
      e = there;
      accepted = 1;
    }
    if (!accepted) {
      if (!count && downward == 0) break;
      count = 0;
      downward = 0;
      continue;
    }
    length = sqrt(dot(n, g, g));
  }
  return e;
}

int main(int argc, char **argv) {
  if (argc != 6) return 2;
  int starts = atoi(argv[2]), n = atoi(argv[3]);
  double rms = atof(argv[4]), longest = atof(argv[5]), sum = 0;
  double *x = malloc((size_t)starts * n * sizeof *x);
  FILE *file = fopen(argv[1], "rb");
  if (!x || !file || n > MOST || fread(x, n * sizeof *x, starts, file) != (size_t)starts) return 1;
  clock_t begun = clock();
  for (int k = 0; k < starts; k++) sum += quench(n, x + (size_t)k * n, rms, longest);
  double seconds = (double)(clock() - begun) / CLOCKS_PER_SEC;
  printf("[%.6f, %ld, %.9f]\n", seconds, evaluations, sum);
  return 0;
}
