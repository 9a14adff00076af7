#include <stdio.h>
#include <stdlib.h>

/* Counts the primes below the first argument. */
int main(int argc, char **argv) {
    int limit = argc > 1 ? atoi(argv[1]) : 100, count = 0;
    for (int n = 2; n < limit; n++) {
        int divisor = 2;
        while (divisor * divisor <= n && n % divisor) divisor++;
        count += divisor * divisor > n;
    }
    printf("%d primes below %d\n", count, limit);
    return 0;
}
