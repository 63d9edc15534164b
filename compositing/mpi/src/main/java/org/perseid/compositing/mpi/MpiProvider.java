package org.perseid.compositing.mpi;

import org.perseid.compositing.Group;
import org.perseid.compositing.GroupException;
import org.perseid.compositing.GroupProvider;

/** Joins the ranks of mpirun or srun. */
public final class MpiProvider implements GroupProvider {
    @Override
    public Group join() {
        try {
            return MpiGroup.join();
        } catch (LinkageError e) {
            throw new GroupException(
                    "Open MPI's Java bindings cannot be loaded ("
                            + e.getMessage()
                            + "); run ./perseid setup, or set PERSEID_MPI, see docs/cluster.md",
                    e);
        }
    }
}
