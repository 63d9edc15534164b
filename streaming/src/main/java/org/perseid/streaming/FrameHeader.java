package org.perseid.streaming;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.Vec3;

/**
 * What stands before the picture in a frame's binary message; {@link #BYTES} bytes, little-endian.
 * The layout is in docs/protocol.md.
 *
 * @param sequence number of the frame, from 1, unsigned 32 bits
 * @param event number of the viewer's last event that it shows, unsigned 32 bits
 * @param sentMillis server's clock when it was sent, milliseconds
 * @param renderMillis time that drawing took
 * @param encodeMillis time that encoding took
 * @param width pixels of the picture
 * @param height pixels of the picture
 * @param encoding of the picture
 * @param stage how complete the picture is
 * @param quality of the encoding, 1 to 100
 * @param camera eye, target, up direction (3 numbers each), angle in degrees; zeros where there is
 *     no camera
 * @param tiles numbers of the changed tiles, row by row over the picture; none where it is whole
 */
@SuppressWarnings("ArrayRecordComponent") // numbers, read only
public record FrameHeader(
        long sequence,
        long event,
        double sentMillis,
        float renderMillis,
        float encodeMillis,
        int width,
        int height,
        Encoding encoding,
        Stage stage,
        int quality,
        double[] camera,
        int[] tiles) {
    /** Size of the header of a whole picture. */
    public static final int BYTES = 120;

    /** More of changed tiles: side of a tile, tiles across, and the number of each tile. */
    private static final int TILES_BYTES = 4;

    /** Numbers of a camera. */
    public static final int CAMERA = 10;

    /** First byte of a frame. */
    private static final byte FRAME = 1;

    private static final byte VERSION = 1;

    /** How the picture is encoded, by its number in the protocol. */
    public enum Encoding {
        JPEG(1),
        PNG(2),
        /** A JPEG of the tiles that differ from the frame before, see {@link ChangedTiles}. */
        JPEG_TILES(3);

        private final int code;

        Encoding(int code) {
            this.code = code;
        }
    }

    /** How complete a picture is, by its number in the protocol. */
    public enum Stage {
        /** While something moves: small, or with a part of the data. */
        MOVING(0),
        /** Better than the one before, more follows. */
        REFINED(1),
        /** As good as it gets; nothing follows until something changes. */
        FINAL(2);

        private final int code;

        Stage(int code) {
            this.code = code;
        }
    }

    /** The numbers of a camera. */
    public static double[] numbersOf(Camera camera) {
        Vec3 eye = camera.eye();
        Vec3 target = camera.lookAt();
        Vec3 sky = camera.sky();
        return new double[] {
            eye.x(), eye.y(), eye.z(),
            target.x(), target.y(), target.z(),
            sky.x(), sky.y(), sky.z(),
            camera.fovDeg()
        };
    }

    /** The header as it is sent. */
    public ByteBuffer encode() {
        int bytes = BYTES + (tiles.length > 0 ? TILES_BYTES + 2 * tiles.length : 0);
        ByteBuffer out = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.put(FRAME).put(VERSION).putShort((short) bytes);
        out.putInt((int) sequence).putInt((int) event);
        out.put((byte) encoding.code).put((byte) stage.code).put((byte) quality).put((byte) 0);
        out.putDouble(sentMillis);
        out.putFloat(renderMillis).putFloat(encodeMillis);
        out.putInt(width).putInt(height);
        for (int k = 0; k < CAMERA; k++) {
            out.putDouble(camera[k]);
        }
        if (tiles.length > 0) {
            out.putShort((short) ChangedTiles.SIDE_PX).putShort((short) ChangedTiles.ACROSS);
            for (int tile : tiles) {
                out.putShort((short) tile);
            }
        }
        return out.flip();
    }
}
