import OCIModel
import Testing

@Suite struct MediaTypeTests {
    @Test(arguments: [
        (MediaType.layerTar, LayerCompression.uncompressed), (.layerTarGzip, .gzip), (.layerTarZstd, .zstd),
        (.dockerLayerTar, .uncompressed), (.dockerLayerTarGzip, .gzip), (.dockerLayerTarZstd, .zstd),
        (MediaType(rawValue: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"), .gzip),
    ])
    func knowsTheCompressionOfLayers(_ type: MediaType, _ compression: LayerCompression) {
        #expect(type.layerCompression == compression)
        #expect(!type.isIndex && !type.isManifest && !type.isConfig)
    }

    @Test(arguments: [
        MediaType.imageManifest, .imageConfig, .imageIndex, MediaType(rawValue: "application/vnd.in-toto+json"),
    ])
    func otherTypesAreNoLayers(_ type: MediaType) {
        #expect(type.layerCompression == nil)
    }

    @Test(arguments: [
        (MediaType.imageIndex, MediaType.dockerManifestList), (.imageManifest, .dockerManifest),
        (.imageConfig, .dockerConfig), (.layerTar, .dockerLayerTar), (.layerTarGzip, .dockerLayerTarGzip),
    ])
    func translatesBetweenOCIAndDocker(_ oci: MediaType, _ docker: MediaType) {
        #expect(oci.dockerEquivalent == docker)
        #expect(docker.ociEquivalent == oci)
        #expect(oci.ociEquivalent == oci)
        #expect(docker.dockerEquivalent == docker)
    }
}
