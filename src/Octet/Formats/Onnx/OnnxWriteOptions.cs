namespace Octet.Formats.Onnx;

/// <summary>How a model is written.</summary>
public sealed record OnnxWriteOptions
{
    /// <summary>
    /// Where the data of large initializers go. Default <see cref="ExternalDataMode.WhenNeeded"/>.
    /// </summary>
    public ExternalDataMode ExternalData { get; init; } = ExternalDataMode.WhenNeeded;

    /// <summary>Bytes from which an initializer goes to the data file, where there is one; ≥ 1, default 4,096.</summary>
    public long ExternalThreshold { get; init; } = 4096;
}
