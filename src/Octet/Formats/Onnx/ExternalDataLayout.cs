using System.Globalization;
using Octet.Numerics;

namespace Octet.Formats.Onnx;

/// <summary>Lays initializers out in a data file, one after another, each at a multiple of 4,096 bytes so that it can be mapped by itself.</summary>
/// <param name="location">Name of the data file, relative to the model's folder.</param>
/// <param name="threshold">Bytes from which a tensor goes there.</param>
internal class ExternalDataLayout(string location, long threshold)
{
    private const int Alignment = 4096;
    private const int CopySize = 1 << 20;

    private readonly List<(long Offset, TensorStorage Data)> parts = [];
    private readonly Dictionary<TensorStorage, long> offsets = [];
    private long end;

    /// <summary>Whether no tensor was large enough.</summary>
    public bool IsEmpty => parts.Count == 0;

    /// <summary>Whether a tensor over that file is among those to write.</summary>
    public bool Reads(string path) => parts.Any(p => p.Data is MappedStorage mapped && mapped.File.Path == path);

    /// <summary>Gives a tensor a place in the data file; null where it stays in the model.</summary>
    public virtual TensorProto? TryTake(Tensor tensor, string name)
    {
        if (tensor.Type == ElementType.String || tensor.Storage.Length < threshold)
        {
            return null;
        }

        if (!offsets.TryGetValue(tensor.Storage, out long offset))
        {
            offset = (end + Alignment - 1) / Alignment * Alignment;
            end = offset + tensor.Storage.Length;
            offsets.Add(tensor.Storage, offset);
            parts.Add((offset, tensor.Storage));
        }

        return Reference(tensor, name, offset);
    }

    /// <summary>A tensor whose data lie in the data file.</summary>
    protected TensorProto Reference(Tensor tensor, string name, long offset)
    {
        var proto = TensorCodec.WriteHeader(tensor, name);
        proto.DataLocation = TensorProto.Types.DataLocation.External;
        proto.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        proto.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = offset.ToString(CultureInfo.InvariantCulture) });
        proto.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = tensor.Storage.Length.ToString(CultureInfo.InvariantCulture) });
        return proto;
    }

    /// <summary>Writes the data file, a megabyte at a time; a megabyte of zeros is left out, so that it takes no place on the disk.</summary>
    public void WriteTo(Stream stream)
    {
        foreach (var (offset, data) in parts)
        {
            for (long done = 0; done < data.Length; done += CopySize)
            {
                var piece = data.Slice(done, (int)Math.Min(CopySize, data.Length - done));
                if (piece.ContainsAnyExcept((byte)0))
                {
                    stream.Position = offset + done;
                    stream.Write(piece);
                }
            }
        }

        stream.SetLength(end);
    }
}
