namespace Octet.Rewrites.OperatorSets;

/// <summary>The list of all adapters.</summary>
internal static class OperatorAdapters
{
    /// <summary>All adapters; the changes between operator sets 7 and 21 that are not here only allow more types, negative axes or new options.</summary>
    public static IReadOnlyList<IOperatorAdapter> All { get; } =
    [
        new BatchNormalization9(),
        new Clip11(),
        new Dropout10(),
        new Dropout12(),
        new Pad11(),
        new Resize11(),
        new Resize13(),
        new Scan9(),
        new Scatter11(),
        new Slice10(),
        new Softmax13("Softmax"),
        new Softmax13("LogSoftmax"),
        new Softmax13("Hardmax"),
        new AxesToInput13("Squeeze"),
        new AxesToInput13("Unsqueeze"),
        new AxesToInput13("ReduceSum"),
        new Split13(),
        new TopK10(),
        new Upsample9(),
        new Upsample10(),
        new RoiAlign16(),
        .. Reductions.Select(r => new AxesToInput18(r)),
        new Split18(),
        new Dft20(),
        new GridSample20(),
    ];

    private static string[] Reductions =>
        ["ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSumSquare"];
}
