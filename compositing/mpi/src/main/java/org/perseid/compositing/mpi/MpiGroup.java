package org.perseid.compositing.mpi;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Op;
import mpi.Request;
import mpi.Status;
import org.perseid.compositing.Group;
import org.perseid.compositing.GroupException;
import org.perseid.renderer.model.Peers.Fold;

/** All ranks of an MPI job. */
final class MpiGroup implements Group {
    private static final int TAG = 0;

    /** So long a message is waited for without rest. */
    private static final long EAGER_NANOS = 100_000;

    /** Afterwards, from one look to the next. */
    private static final long NAP_NANOS = 30_000;

    private final Intracomm all;
    private final int rank;
    private final int size;
    private final String host;

    private MpiGroup(Intracomm all) throws MPIException {
        this.all = all;
        this.rank = all.getRank();
        this.size = all.getSize();
        this.host = MPI.getProcessorName();
    }

    static Group join() {
        try {
            int level = MPI.InitThread(new String[0], MPI.THREAD_SERIALIZED);
            if (level < MPI.THREAD_SERIALIZED) {
                throw new GroupException(
                        "this MPI may be called by its first thread only; an Open MPI that was"
                                + " built with --enable-mpi-thread-multiple is needed");
            }
            MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_RETURN);
            return new MpiGroup(MPI.COMM_WORLD);
        } catch (MPIException e) {
            throw new GroupException("MPI does not start: " + e.getMessage(), e);
        }
    }

    /** A call of MPI. */
    private interface Call<T> {
        T run() throws MPIException;
    }

    private <T> T call(String what, Call<T> call) {
        try {
            return call.run();
        } catch (MPIException e) {
            throw new GroupException(
                    "rank " + rank + " on " + host + ": " + what + ": " + e.getMessage(), e);
        }
    }

    /** A call of MPI without a result. */
    private interface Action {
        void run() throws MPIException;
    }

    private void act(String what, Action action) {
        boolean _ =
                call(
                        what,
                        () -> {
                            action.run();
                            return true;
                        });
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public String host() {
        return host;
    }

    /** A message under way. */
    private final class Message implements Pending {
        private final String what;
        private final Request request;
        private long bytes = -1;

        Message(String what, Request request) {
            this.what = what;
            this.request = request;
        }

        /** MPI's own way to wait takes a core, which others may need to draw. */
        @Override
        public long await() {
            long start = System.nanoTime();
            while (!isDone()) {
                if (System.nanoTime() - start < EAGER_NANOS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.parkNanos(NAP_NANOS);
                }
            }
            return bytes;
        }

        @Override
        public boolean isDone() {
            if (bytes < 0) {
                Status status = call(what, request::testStatus);
                bytes = status == null ? -1 : call(what, () -> (long) status.getCount(MPI.BYTE));
            }
            return bytes >= 0;
        }
    }

    @Override
    public Pending send(MemorySegment data, int to) {
        String what = "sending to rank " + to;
        int bytes = (int) data.byteSize();
        return new Message(
                what, call(what, () -> all.iSend(data.asByteBuffer(), bytes, MPI.BYTE, to, TAG)));
    }

    @Override
    public Pending receive(MemorySegment into, int from) {
        String what = "receiving from rank " + from;
        int bytes = (int) into.byteSize();
        return new Message(
                what, call(what, () -> all.iRecv(into.asByteBuffer(), bytes, MPI.BYTE, from, TAG)));
    }

    @Override
    public void sum(MemorySegment floats, int root) {
        act(
                "adding",
                () ->
                        all.reduce(
                                floats.asByteBuffer()
                                        .order(ByteOrder.nativeOrder())
                                        .asFloatBuffer(),
                                (int) (floats.byteSize() / 4),
                                MPI.FLOAT,
                                MPI.SUM,
                                root));
    }

    @Override
    public void fold(Fold fold, double[] values) {
        Op op =
                switch (fold) {
                    case SUM -> MPI.SUM;
                    case LEAST -> MPI.MIN;
                    case GREATEST -> MPI.MAX;
                };
        act("folding", () -> all.allReduce(values, values.length, MPI.DOUBLE, op));
    }

    @Override
    public List<byte[]> gather(byte[] own) {
        int[] lengths = new int[size];
        lengths[rank] = own.length;
        act("gathering", () -> all.allReduce(lengths, size, MPI.INT, MPI.SUM));
        int longest = Math.max(1, Arrays.stream(lengths).max().orElse(0));
        byte[] mine = Arrays.copyOf(own, longest);
        byte[] everybodys = new byte[Math.multiplyExact(longest, size)];
        act(
                "gathering",
                () -> all.allGather(mine, longest, MPI.BYTE, everybodys, longest, MPI.BYTE));
        List<byte[]> out = new ArrayList<>();
        for (int r = 0; r < size; r++) {
            out.add(Arrays.copyOfRange(everybodys, r * longest, r * longest + lengths[r]));
        }
        return out;
    }

    @Override
    public void barrier() {
        act("waiting for all ranks", () -> all.barrier());
    }

    @Override
    public void abort(int exitCode) {
        act("ending all ranks", () -> all.abort(exitCode));
    }

    @Override
    public void close() {
        act("leaving", () -> MPI.Finalize());
    }
}
