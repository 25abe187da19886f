using Octet.Data.Arrays;
using Octet.Numerics;

namespace Octet.Data;

/// <summary>Reads arrays that are no samples of a model: values to choose a range for, for example.</summary>
public static class ArrayValues
{
    /// <summary>Reads an .npy file: booleans, integers or floats of 8 to 64 bits, as they are.</summary>
    /// <exception cref="OctetException">The file is missing, malformed, too large, or of a type that is not read.</exception>
    public static Tensor Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return NpyReader.Open(path).ReadAll();
    }
}
