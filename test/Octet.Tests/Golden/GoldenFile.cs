using System.Text.Json;
using Octet.Data.Arrays;

namespace Octet.Tests.Golden;

/// <summary>Numbers that the original tools wrote: <c>../shared/golden</c> beside the repository, or the folder that OCTET_GOLDEN names.</summary>
internal static class GoldenFile
{
    private static string Root { get; } = Environment.GetEnvironmentVariable("OCTET_GOLDEN") is { Length: > 0 } folder ? folder : SharedData.BesidePathOf("golden");

    /// <summary>What <see cref="SharedFactAttribute"/> needs for a file, relative to the shared data.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>A JSON file.</summary>
    public static JsonElement Json(string relative)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(PathOf(relative)));
        return document.RootElement.Clone();
    }

    /// <summary>The arrays of an .npz file as floats, by name.</summary>
    public static IReadOnlyDictionary<string, float[]> Arrays(string relative)
        => NpzReader.Open(PathOf(relative)).ToDictionary(a => a.Key, a => Floats(a.Value.ReadAll()), StringComparer.Ordinal);

    /// <summary>The arrays of an .npz file with their shapes, by name.</summary>
    public static IReadOnlyDictionary<string, Octet.Numerics.Tensor> Tensors(string relative)
        => NpzReader.Open(PathOf(relative)).ToDictionary(a => a.Key, a => a.Value.ReadAll(), StringComparer.Ordinal);

    private static float[] Floats(Octet.Numerics.Tensor tensor) => tensor.Type is Octet.Numerics.ElementType.Int32 or Octet.Numerics.ElementType.Int64
        ? [.. tensor.ToInt64s().Select(v => (float)v)]
        : tensor.ToFloats();
}
