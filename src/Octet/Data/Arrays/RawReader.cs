using Octet.Numerics;

namespace Octet.Data.Arrays;

/// <summary>Reads files of bare values, little-endian and row-major, whose type and shape are those of the model's input.</summary>
internal static class RawReader
{
    /// <summary>Opens a file of samples, one after the other, as an array whose first dimension counts them.</summary>
    /// <exception cref="OctetException">The input's shape is open, or the file's length is no multiple of a sample's.</exception>
    internal static ArrayFile Open(string path, InputSpec spec)
    {
        var row = spec.Dimensions.Skip(1).ToArray();
        if (spec.Dimensions.Count == 0 || row.Any(d => d is null or 0) || spec.Type.BitWidth() is not (8 or 16 or 32 or 64))
        {
            throw new OctetException(
                ErrorCodes.ArrayMalformed, $"\"{path}\" holds bare values, but input \"{spec.Name}\" takes {spec.Wanted}, which does not tell their shape", "save the samples as .npy");
        }

        var shape = new Shape([.. row.Select(d => d!.Value)]);
        long length = spec.Type.ByteCount(shape.Count);
        var bytes = RandomBytes.OfFile(path);
        if (bytes.Length == 0 || bytes.Length % length != 0)
        {
            throw new OctetException(
                ErrorCodes.ArrayMalformed, $"\"{path}\" takes {bytes.Length} bytes, no multiple of the {length} of one sample for input \"{spec.Name}\" ({spec.Wanted})");
        }

        return new ArrayFile($"\"{path}\"", bytes, 0, spec.Type, new Shape([bytes.Length / length, .. shape.Dimensions]), false);
    }
}
