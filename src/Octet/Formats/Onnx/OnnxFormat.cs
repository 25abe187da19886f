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
            // Pipes and devices report no length, too, and might never end: they are not opened.
            long length = new FileInfo(full).Length;
            if (length is 0 or > int.MaxValue)
            {
                throw OnnxErrors.Malformed(path, length == 0 ? "it is empty, or no file but a pipe or device" : "it exceeds the 2 GB that an ONNX file can have");
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
            _ => !FitsOneFile(model),
        };
        var layout = isSplit ? new ExternalDataLayout(Path.GetFileName(data), options.ExternalThreshold) : null;
        var proto = WriteChecked(model, layout, isSplit ? options.ExternalThreshold : long.MaxValue);
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
        return WriteChecked(model, null, long.MaxValue).ToByteArray();
    }

    /// <summary>The same without the initializers that a layout takes.</summary>
    internal static byte[] ToBytes(Model model, ExternalDataLayout layout) => WriteChecked(model, layout, long.MaxValue).ToByteArray();

    /// <summary>Bytes that a model takes in its file, or, beyond what one file holds, those of its tensors. No tensor's data are looked at.</summary>
    public static long SizeOf(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        long tensors = TensorBytes(model.Graph, long.MaxValue);
        return tensors <= MaximumSize ? ModelWriter.Write(model, new HollowTensors()).CalculateSize() : tensors;
    }

    /// <summary>Whether a model can be written without external data.</summary>
    internal static bool FitsOneFile(Model model) => TensorBytes(model.Graph, long.MaxValue) <= MaximumSize;

    // Checked before, because making the message may need more memory than there is, and after, because a message says nothing when it is too large.
    private static ModelProto WriteChecked(Model model, ExternalDataLayout? layout, long threshold)
    {
        long inside = TensorBytes(model.Graph, threshold);
        if (inside > MaximumSize)
        {
            throw TooLarge(inside);
        }

        var proto = ModelWriter.Write(model, layout);
        long size = proto.Graph.Node.Concat<IMessage>(proto.Graph.Initializer).Concat(proto.Graph.SparseInitializer).Concat(proto.Graph.ValueInfo)
            .Concat(proto.Functions).Concat(proto.TrainingInfo).Sum(m => (long)m.CalculateSize());
        return size <= MaximumSize ? proto : throw TooLarge(size);
    }

    private static OctetException TooLarge(long size) => new(
        ErrorCodes.ModelTooLarge,
        $"the model would have {size} bytes, and an ONNX file can have {MaximumSize}",
        "write it with external data");

    // Bytes of the initializers that are smaller than the threshold, and of all tensors in attributes.
    private static long TensorBytes(Graph graph, long threshold) => InitializerBytes(graph, threshold)
        + graph.AllNodes.SelectMany(n => n.Attributes.Values).OfType<AttributeValue.OfTensor>().Sum(a => a.Value.Storage.Length);

    private static long InitializerBytes(Graph graph, long threshold)
        => graph.Constants.Select(v => v.Constant!.Storage.Length).Where(length => length < threshold).Sum()
            + graph.Nodes.SelectMany(n => n.Subgraphs).Sum(g => InitializerBytes(g, threshold));
}
