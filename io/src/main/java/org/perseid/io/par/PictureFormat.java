package org.perseid.io.par;

/** File format of a picture. */
public enum PictureFormat {
    TGA("tga"),
    TGA_RLE("tga"),
    PPM("ppm"),
    PNG("png");

    private final String extension;

    PictureFormat(String extension) {
        this.extension = extension;
    }

    /** Extension without the dot. */
    public String extension() {
        return extension;
    }
}
