using System.Security.Cryptography;
using System.Text;
using Octet.Numerics;

namespace Octet.Data.Sources;

/// <summary>Samples of one or several inputs, chosen and ordered, gathered to the model's batch where that is fixed.</summary>
internal sealed class InputSamples : ISampleSource
{
    private readonly InputSpec[] specs;
    private readonly InputItems[] items;
    private readonly int[] order;
    private readonly Lazy<Labels>? labels;
    private readonly int batch;
    private readonly Lazy<string> fingerprint;

    /// <summary>Makes samples of items.</summary>
    /// <param name="specs">The model's inputs.</param>
    /// <param name="items">The items of each.</param>
    /// <param name="order">Which items, in which order.</param>
    /// <param name="preprocess">The recipe that the items go through, or null.</param>
    /// <param name="labels">Classes of the items where they are not in the data.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.BatchIncomplete"/> or <see cref="ErrorCodes.InputsMismatched"/>.</exception>
    internal InputSamples(InputSpec[] specs, InputItems[] items, int[] order, Preprocess? preprocess, Lazy<Labels>? labels)
    {
        Preprocess = preprocess;
        this.specs = specs;
        this.items = items;
        this.order = order;
        this.labels = labels;
        var batches = specs.Zip(items, (spec, item) => item.AreWholeRuns ? 1 : spec.Batch).Distinct().ToArray();
        if (batches.Length > 1)
        {
            throw new OctetException(
                ErrorCodes.InputsMismatched, $"the model's inputs take batches of {string.Join(" and ", batches)}", "give every input as arrays of whole batches, a file each");
        }

        batch = checked((int)batches[0]);
        if (order.Length % batch != 0)
        {
            throw new OctetException(
                ErrorCodes.BatchIncomplete, $"the model takes {batch} samples a run, but there are {order.Length}, not a multiple of it",
                $"use {order.Length / batch * batch} (--samples), or a model whose batch is open");
        }

        fingerprint = new Lazy<string>(ComputeFingerprint);
    }

    public int Count => order.Length / batch;

    public string Fingerprint => fingerprint.Value;

    public Preprocess? Preprocess { get; }

    public string NameOf(int index) => batch == 1 ? items[0].NameOf(order[index]) : $"{items[0].NameOf(order[index * batch])} and {batch - 1} more";

    public int? LabelOf(int index) => batch == 1 ? LabelOfItem(order[index]) : null;

    public IReadOnlyList<int?> LabelsOf(int index) => [.. order.AsSpan(index * batch, batch).ToArray().Select(LabelOfItem)];

    public Sample Load(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var inputs = new Dictionary<string, Tensor>(specs.Length, StringComparer.Ordinal);
        for (int i = 0; i < specs.Length; i++)
        {
            var input = items[i];
            inputs[specs[i].Name] = batch == 1
                ? input.Load(order[index], SamplePlace.Of(index, input.NameOf(order[index])))
                : Gather(input, index);
        }

        return new Sample(index, NameOf(index), inputs, LabelOf(index));
    }

    private int? LabelOfItem(int item) => labels is null ? items[0].LabelOf(item) : labels.Value.Of(item, items[0].NameOf(item));

    private Tensor Gather(InputItems input, int index)
    {
        byte[]? gathered = null;
        Tensor? first = null;
        for (int b = 0; b < batch; b++)
        {
            int item = order[index * batch + b];
            string place = SamplePlace.Of(index, input.NameOf(item));
            var part = input.Load(item, place);
            var bytes = part.AsSpan<byte>();
            first ??= part;
            if (part.Shape != first.Shape)
            {
                throw new OctetException(ErrorCodes.SampleShape, $"{place} gives {part.Shape}, but others of the same batch give {first.Shape}");
            }

            gathered ??= new byte[checked(bytes.Length * batch)];
            bytes.CopyTo(gathered.AsSpan(b * bytes.Length));
        }

        return Tensor.FromArray(first!.Type, gathered!, new Shape([batch, .. first.Shape.Dimensions.Skip(1)]));
    }

    private string ComputeFingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < specs.Length; i++)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{specs[i].Name}\n{specs[i].Type}\n{batch}\n"));
            items[i].AppendTo(hash, order);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
