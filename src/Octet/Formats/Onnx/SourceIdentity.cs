using System.Security.Cryptography;
using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Formats.Onnx;

/// <summary>What identifies the files of a model, wherever they lie.</summary>
/// <param name="Bytes">Size of the model file and of the files with its external data.</param>
/// <param name="Sha256">SHA-256 (hexadecimal) of the model file and, where there are any, of its data files behind it, in ordinal order of their names.</param>
public sealed record SourceIdentity(long Bytes, string Sha256)
{
    /// <summary>Reads the files of a model; one that never was in a file is taken as it would be written.</summary>
    /// <param name="model">What was read from the file, or made.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.ModelNotReadable"/>; <see cref="ErrorCodes.ModelTooLarge"/>: it comes from no file and has more than 2 GB.</exception>
    public static SourceIdentity Of(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.SourcePath is not { } path)
        {
            byte[] made = OnnxFormat.ToBytes(model);
            return new SourceIdentity(made.Length, Convert.ToHexStringLower(SHA256.HashData(made)));
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        long bytes = 0;
        var data = Storages(model.Graph).OfType<MappedStorage>().Select(s => s.File.Path).Distinct().Order(StringComparer.Ordinal);
        foreach (string file in data.Prepend(path))
        {
            try
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
                for (int read; (read = stream.Read(buffer)) > 0; bytes += read)
                {
                    hash.AppendData(buffer.AsSpan(0, read));
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new OctetException(ErrorCodes.ModelNotReadable, $"\"{file}\" cannot be read: {e.Message}", "check the path", e);
            }
        }

        return new SourceIdentity(bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static IEnumerable<TensorStorage> Storages(Graph graph) => graph.Constants.Select(c => c.Constant!)
        .Concat(graph.Nodes.SelectMany(n => n.Attributes.Values).OfType<AttributeValue.OfTensor>().Select(a => a.Value))
        .Where(t => t.Type != ElementType.String).Select(t => t.Storage)
        .Concat(graph.Nodes.SelectMany(n => n.Subgraphs).SelectMany(Storages));
}
