using Octet.Data;

namespace Octet.Cli.Settings;

/// <summary>Which samples are taken, and how they are prepared.</summary>
internal sealed class DataSettings
{
    public DataSettings(string purpose)
    {
        Data = new TextSetting(
            "data", "DATA",
            $"{purpose}: a folder of pictures, arrays or ONNX test data; a list file (\"name label\" a line); .npy, .npz, IDX or .bin; input=PATH,input=PATH for several inputs");
    }

    public TextSetting Data { get; }

    public TextSetting Preprocess { get; } = new(
        "preprocess", "RECIPE", $"what is done to a sample before it enters the model: a preset (imagenet, inception, tf, caffe, raw, unit), steps such as rgb,fit=224x224,scale=1/255, or a .json file");

    public NumberSetting<int> Samples { get; } = new("samples", "only the first N samples", 1, byDefault: "all");

    public FlagSetting Shuffle { get; } = new("shuffle", "take the samples in an order drawn from --seed");

    public NumberSetting<ulong> Seed { get; } = new("seed", "seed of every random choice", 0, byDefault: "0");

    public NumberSetting<int> Threads { get; } = new("threads", "samples that run side by side; results do not depend on it", 1, 1024, "one a processor");

    /// <summary>The options, in the order of help.</summary>
    public IReadOnlyList<System.CommandLine.Option> All => [Data, Preprocess, Samples, Shuffle, Seed, Threads];

    /// <summary>How the samples are read.</summary>
    /// <exception cref="OctetException">The recipe is malformed.</exception>
    public SampleOptions Options(Invocation invocation) => new()
    {
        Preprocess = invocation.Get(Preprocess) is { } recipe ? Octet.Data.Preprocess.Parse(recipe) : null,
        Samples = invocation.Get(Samples),
        Shuffle = invocation.Get(Shuffle),
        Seed = invocation.Get(Seed) ?? 0,
    };
}
