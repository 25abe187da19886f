namespace Octet.Cli.Settings;

/// <summary>What a model's output file must be called.</summary>
internal static class ModelOutput
{
    private const string Extension = ".onnx";

    /// <summary>Notes a missing name, or one of another kind.</summary>
    public static void Check(Problems problems, string? path)
    {
        problems.AddIf(path is null, "--output is missing", "say where the model goes with -o FILE");
        problems.AddIf(
            path?.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) is false,
            $"--output \"{path}\" does not end in {Extension}",
            "ONNX is the format that is written");
    }
}
