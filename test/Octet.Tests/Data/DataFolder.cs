using Octet.Data.Arrays;
using Octet.Numerics;

namespace Octet.Tests.Data;

/// <summary>A temporary folder of samples, deleted at the end of the test.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("octet-data-");

    public string Root => folder.FullName;

    public void Dispose() => folder.Delete(true);

    public string PathOf(string name) => Path.Combine(Root, name);

    public string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        string path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string WriteNpy<T>(string name, T[] values, params long[] shape)
        where T : unmanaged
    {
        using var stream = new MemoryStream();
        NpyWriter.Write(stream, Tensor.FromArray(values, new Shape(shape)));
        return Write(name, stream.ToArray());
    }

    /// <summary>A bitmap of 24 bits whose pixel (x, y) is what the function says.</summary>
    public string WriteBmp(string name, int width, int height, Func<int, int, (byte Red, byte Green, byte Blue)> color)
    {
        int stride = (width * 3 + 3) / 4 * 4;
        var bytes = new byte[54 + stride * height];
        "BM"u8.CopyTo(bytes);
        BitConverter.TryWriteBytes(bytes.AsSpan(10), 54);
        BitConverter.TryWriteBytes(bytes.AsSpan(14), 40);
        BitConverter.TryWriteBytes(bytes.AsSpan(18), width);
        BitConverter.TryWriteBytes(bytes.AsSpan(22), -height);
        bytes[26] = 1;
        bytes[28] = 24;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int at = 54 + y * stride + x * 3;
                (bytes[at + 2], bytes[at + 1], bytes[at]) = color(x, y);
            }
        }

        return Write(name, bytes);
    }
}
