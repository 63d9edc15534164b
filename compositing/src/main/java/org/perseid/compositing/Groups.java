package org.perseid.compositing;

import java.util.ServiceLoader;

/** Finds the ranks that this process was started with. */
public final class Groups {
    private Groups() {}

    /**
     * The group of this process; a group of one when it was started alone.
     *
     * @throws GroupException when it was started as one of several and cannot reach them
     */
    public static Group join() {
        int size = startedSize();
        if (size <= 1) {
            return LocalGroup.alone();
        }
        for (GroupProvider provider : ServiceLoader.load(GroupProvider.class)) {
            return provider.join();
        }
        throw new GroupException(
                "started as one of "
                        + size
                        + " ranks, but this build has no MPI; run ./perseid setup where Open MPI and its Java bindings"
                        + " are installed, see docs/cluster.md");
    }

    /** How many ranks mpirun or srun started; 1 when neither did. */
    public static int startedSize() {
        String size = System.getenv("OMPI_COMM_WORLD_SIZE");
        if (size == null && System.getenv("PMIX_RANK") != null) {
            size = System.getenv("SLURM_STEP_NUM_TASKS");
        }
        return size != null && size.matches("\\d{1,8}") ? Integer.parseInt(size) : 1;
    }
}
