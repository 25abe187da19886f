using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Octet.Numerics;

namespace Octet.Data.Arrays;

/// <summary>Writes tensors as NumPy's .npy and .npz (NumPy Enhancement Proposal 1), row-major, little-endian.</summary>
public static class NpyWriter
{
    private const int Alignment = 64;

    // Zip files keep times; a fixed one keeps the file the same on every run.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes one tensor as .npy.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="tensor">Booleans, integers or floats of 8 to 64 bits; BFloat16 is widened to 32 bits.</param>
    /// <exception cref="NotSupportedException">NumPy has no such type.</exception>
    public static void Write(Stream stream, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Type == ElementType.BFloat16)
        {
            tensor = Tensor.FromArray(tensor.ToFloats(), tensor.Shape);
        }

        stream.Write(Header(tensor));
        const int Part = 1 << 20;
        for (long at = 0; at < tensor.Storage.Length; at += Part)
        {
            stream.Write(tensor.Storage.Slice(at, (int)Math.Min(Part, tensor.Storage.Length - at)));
        }
    }

    /// <summary>Writes named tensors as .npz, in the order given; the same tensors give the same bytes.</summary>
    /// <exception cref="NotSupportedException">NumPy has no type such as one of them.</exception>
    public static void WriteArchive(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, tensor) in tensors)
        {
            var entry = archive.CreateEntry($"{name}.npy", CompressionLevel.Fastest);
            entry.LastWriteTime = Epoch;
            using var content = entry.Open();
            Write(content, tensor);
        }
    }

    private static byte[] Header(Tensor tensor)
    {
        string descr = tensor.Type switch
        {
            ElementType.Boolean => "|b1",
            ElementType.Int8 => "|i1",
            ElementType.UInt8 => "|u1",
            ElementType.Int16 => "<i2",
            ElementType.UInt16 => "<u2",
            ElementType.Float16 => "<f2",
            ElementType.Int32 => "<i4",
            ElementType.UInt32 => "<u4",
            ElementType.Float32 => "<f4",
            ElementType.Int64 => "<i8",
            ElementType.UInt64 => "<u8",
            ElementType.Float64 => "<f8",
            _ => throw new NotSupportedException($"NumPy has no type for {tensor.Type}."),
        };
        string dimensions = string.Concat(tensor.Shape.Dimensions.Select(d => d.ToString(CultureInfo.InvariantCulture) + ","));
        string shape = tensor.Shape.Rank > 1 ? dimensions.TrimEnd(',') : dimensions;
        string text = $"{{'descr': '{descr}', 'fortran_order': False, 'shape': ({shape}), }}";
        int length = (10 + text.Length + 1 + Alignment - 1) / Alignment * Alignment;
        var header = new byte[length];
        header.AsSpan().Fill((byte)' ');
        ((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0]).CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(length - 10));
        Encoding.ASCII.GetBytes(text, header.AsSpan(10));
        header[^1] = (byte)'\n';
        return header;
    }
}
