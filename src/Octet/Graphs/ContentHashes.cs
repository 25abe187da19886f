using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Octet.Numerics;

namespace Octet.Graphs;

/// <summary>
/// SHA-256 of what each value of a graph is computed from: its producer, that node's attributes and, in turn, all that it reads, down to the
/// inputs and constants. Names of nodes and inner values do not matter. Two values of equal hash hold the same numbers for the same inputs.
/// </summary>
/// <param name="withConstants">Whether the numbers of constants count, or only their types and shapes.</param>
public sealed class ContentHashes(bool withConstants)
{
    private readonly Dictionary<Value, byte[]> hashes = [];

    /// <summary>The hash of a whole model: of its outputs, in order.</summary>
    /// <returns>Hexadecimal.</returns>
    public string Of(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (domain, version) in model.Opsets)
        {
            Text(hash, string.Create(CultureInfo.InvariantCulture, $"{domain} {version}"));
        }

        Append(hash, model.Graph);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The hash of one value.</summary>
    /// <returns>Hexadecimal.</returns>
    public string Of(Value value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!hashes.ContainsKey(value))
        {
            Walk(value.Graph);
        }

        return Convert.ToHexStringLower(hashes[value]);
    }

    private void Walk(Graph graph)
    {
        for (int i = 0; i < graph.Inputs.Count; i++)
        {
            // Inside nodes, inputs go by position; a model's own go by name, as samples do.
            string name = graph.Parent is null ? graph.Inputs[i].Name : i.ToString(CultureInfo.InvariantCulture);
            hashes.TryAdd(graph.Inputs[i], SHA256.HashData(Encoding.UTF8.GetBytes("input " + name)));
        }

        foreach (var node in graph.Nodes)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Text(hash, node.Domain + ":" + node.OpType);
            foreach (var input in node.Inputs)
            {
                hash.AppendData(input is null ? [0] : HashOf(input));
            }

            foreach (var (name, attribute) in node.Attributes)
            {
                Text(hash, name);
                Append(hash, attribute);
            }

            byte[] whole = hash.GetHashAndReset();
            for (int i = 0; i < node.Outputs.Length; i++)
            {
                if (node.Outputs[i] is { } output)
                {
                    hashes[output] = SHA256.HashData([.. whole, (byte)i, (byte)(i >> 8)]);
                }
            }
        }
    }

    private byte[] HashOf(Value value)
    {
        if (hashes.TryGetValue(value, out byte[]? known))
        {
            return known;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, value.Constant ?? throw new InvalidOperationException($"Nothing defines {value.Name} before it is read."));
        return hashes[value] = hash.GetHashAndReset();
    }

    private void Append(IncrementalHash hash, Graph graph)
    {
        Walk(graph);
        foreach (var output in graph.Outputs)
        {
            hash.AppendData(HashOf(output));
        }
    }

    private void Append(IncrementalHash hash, AttributeValue attribute)
    {
        switch (attribute)
        {
            case AttributeValue.OfTensor tensor:
                Append(hash, tensor.Value);
                break;
            case AttributeValue.OfGraph graph:
                Append(hash, graph.Value);
                break;
            case AttributeValue.OfGraphs graphs:
                foreach (var graph in graphs.Values)
                {
                    Append(hash, graph);
                }

                break;
            default:
                Text(hash, string.Create(CultureInfo.InvariantCulture, $"{attribute.GetType().Name} {TextOf(attribute)}"));
                break;
        }
    }

    private static string TextOf(AttributeValue attribute) => attribute switch
    {
        AttributeValue.Int a => a.Value.ToString(CultureInfo.InvariantCulture),
        AttributeValue.Float a => a.Value.ToString("R", CultureInfo.InvariantCulture),
        AttributeValue.Text a => a.Value,
        AttributeValue.Ints a => string.Join(',', a.Values.Select(v => v.ToString(CultureInfo.InvariantCulture))),
        AttributeValue.Floats a => string.Join(',', a.Values.Select(v => v.ToString("R", CultureInfo.InvariantCulture))),
        AttributeValue.Texts a => string.Join('\0', a.Values),
        AttributeValue.Opaque a => a.Payload.ToString() ?? string.Empty,
        _ => throw new InvalidOperationException($"Attributes of kind {attribute.GetType().Name} have no text."),
    };

    private void Append(IncrementalHash hash, Tensor tensor)
    {
        Text(hash, $"{tensor.Type}{tensor.Shape}");
        if (!withConstants)
        {
            return;
        }

        if (tensor.Type == ElementType.String)
        {
            foreach (var text in tensor.Strings)
            {
                hash.AppendData(text.Span);
                hash.AppendData([0]);
            }

            return;
        }

        const int step = 1 << 24;
        for (long position = 0; position < tensor.Storage.Length; position += step)
        {
            hash.AppendData(tensor.Storage.Slice(position, (int)Math.Min(step, tensor.Storage.Length - position)));
        }
    }

    private static void Text(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData([0]);
    }
}
