namespace Octet.Tests.Rewrites;

/// <summary>The real models that every rewrite is tried on: the embedded sample and those of the shared data.</summary>
internal static class RealModels
{
    public static string Embedded { get; } = Path.Combine(SharedData.RepositoryRoot, "src", "Octet.Cli", "Demo", "shapes.onnx");

    public static IReadOnlyList<string> Shared { get; } =
    [
        "mnist/lenet_bn.onnx",
        "mnist/lenet_fused.onnx",
        "cifar10/resnet8_bn.onnx",
        "mlperf_tiny/kws_dscnn_bn.onnx",
        "fsdd/fsdd_dscnn_bn.onnx",
        "imagenet/mobilenet_v2_bn.onnx",
        "ultraface/ultraface_rfb320_op13.onnx",
        "ultraface/ultraface_rfb320_bn_op13.onnx",
        "minilm/minilm_l3_s48.onnx",
        "g2p_gru/g2p_gru.onnx",
    ];

    /// <summary>Full paths of those that are here.</summary>
    public static IEnumerable<string> Present => Shared.Select(SharedData.PathOf).Where(File.Exists).Prepend(Embedded);
}
