using Google.Protobuf;
using Octet.Graphs;

namespace Octet.Formats.Onnx;

/// <summary>Reads and writes ONNX models.</summary>
public static class OnnxFormat
{
    // A protobuf message may have 2³¹ − 1 bytes; nothing in the library says so when it is more.
    private const long MaximumSize = int.MaxValue - (64L << 20);

    /// <summary>Reads a model file. Its external data are memory-mapped and stay in their file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="OctetException">The file cannot be read (<c>OCT3001</c>) or is not a sound model (<c>OCT3002</c> to <c>OCT3010</c>).</exception>
    public static Model Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        byte[] bytes;
        try
        {
            if (new FileInfo(full).Length > Array.MaxLength)
            {
                throw OnnxErrors.Malformed(path, "it exceeds the 2 GB that an ONNX file can have");
            }

            bytes = File.ReadAllBytes(full);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OctetException(ErrorCodes.ModelNotReadable, $"\"{path}\" cannot be read: {e.Message}", "check the path", e);
        }

        return ModelReader.Read(bytes, Path.GetFileName(path), Path.GetDirectoryName(full));
    }

    /// <summary>Reads a model from memory. It can have no external data.</summary>
    /// <param name="bytes">The whole model.</param>
    /// <param name="name">Its name in messages.</param>
    /// <exception cref="OctetException">It is not a sound model (<c>OCT3002</c> to <c>OCT3010</c>).</exception>
    public static Model Read(ReadOnlyMemory<byte> bytes, string name) => ModelReader.Read(bytes.Span, name, null);

    /// <summary>
    /// Writes a model file, and beside it a data file <c>NAME.data</c> where <paramref name="options"/> or the model's size ask for one.
    /// Both appear complete or not at all.
    /// </summary>
    /// <param name="model">The model, which is not changed.</param>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="OctetException">A file cannot be written (<c>OCT2009</c>), or the model is too large for one file (<c>OCT3012</c>).</exception>
    public static void Write(Model model, string path, OnnxWriteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new OnnxWriteOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ExternalThreshold, 1, nameof(options));
        var full = Path.GetFullPath(path);
        var data = full + ".data";
        bool isSplit = options.ExternalData switch
        {
            ExternalDataMode.Always => true,
            ExternalDataMode.Never => false,
            _ => InitializerBytes(model.Graph) > MaximumSize,
        };
        var layout = isSplit ? new ExternalDataLayout(Path.GetFileName(data), options.ExternalThreshold) : null;
        var proto = WriteChecked(model, layout);
        using var files = new OutputFiles();
        if (layout is { IsEmpty: false })
        {
            if (layout.Reads(data))
            {
                throw new OctetException(ErrorCodes.OutputNotWritable, $"\"{data}\" holds weights of the model that is being written", "choose another name");
            }

            files.Write(data, layout.WriteTo);
        }

        files.Write(full, proto.WriteTo);
        files.Commit();
    }

    /// <summary>The bytes of a model file without external data, for a session of ONNX Runtime for example.</summary>
    /// <exception cref="OctetException"><c>OCT3012</c>: it would exceed 2 GB; write it to a file instead.</exception>
    public static byte[] ToBytes(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return WriteChecked(model, null).ToByteArray();
    }

    /// <summary>Bytes that a model takes in its file, or, beyond what one file holds, those of its tensors. No tensor's data are looked at.</summary>
    public static long SizeOf(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        long tensors = TensorBytes(model.Graph);
        return tensors <= MaximumSize ? ModelWriter.Write(model, new HollowTensors()).CalculateSize() : tensors;
    }

    private static ModelProto WriteChecked(Model model, ExternalDataLayout? layout)
    {
        long inside = layout is null ? TensorBytes(model.Graph) : 0;
        var proto = inside <= MaximumSize ? ModelWriter.Write(model, layout) : throw TooLarge(inside);
        return proto;
    }

    private static OctetException TooLarge(long size) => new(
        ErrorCodes.ModelTooLarge,
        $"the model has {size} bytes of tensors, and an ONNX file can have {MaximumSize}",
        "write it with external data");

    private static long InitializerBytes(Graph graph) => graph.Constants.Sum(v => v.Constant!.Storage.Length)
        + graph.Nodes.SelectMany(n => n.Subgraphs).Sum(InitializerBytes);

    private static long TensorBytes(Graph graph) => InitializerBytes(graph)
        + graph.AllNodes.SelectMany(n => n.Attributes.Values).OfType<AttributeValue.OfTensor>().Sum(a => a.Value.Storage.Length);
}
