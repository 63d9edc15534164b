/* The time of MPI_Reduce in C, beside which ./perseid bench composite puts its own: reduce FLOATS SECONDS */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    MPI_Init(&argc, &argv);
    int rank, count = atoi(argv[1]);
    double best = 1e30, seconds = atof(argv[2]), begin = MPI_Wtime();
    float *from = malloc(sizeof(float) * count), *to = malloc(sizeof(float) * count);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    for (int i = 0; i < count; i++)
        from[i] = to[i] = (float)rank + i % 7;
    for (int go = 1; go;) {
        MPI_Barrier(MPI_COMM_WORLD);
        double start = MPI_Wtime();
        MPI_Reduce(from, to, count, MPI_FLOAT, MPI_SUM, 0, MPI_COMM_WORLD);
        double slowest, mine = MPI_Wtime() - start;
        MPI_Allreduce(&mine, &slowest, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
        best = slowest < best ? slowest : best;
        go = MPI_Wtime() - begin < seconds;
        MPI_Bcast(&go, 1, MPI_INT, 0, MPI_COMM_WORLD);
    }
    if (rank == 0)
        printf("%.4f\n", best * 1e3);
    MPI_Finalize();
    return 0;
}
