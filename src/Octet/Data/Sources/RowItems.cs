using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Octet.Data.Arrays;
using Octet.Numerics;

namespace Octet.Data.Sources;

/// <summary>The rows of an array, along its first dimension; or the whole array, where it is one item without a batch.</summary>
internal sealed class RowItems : InputItems
{
    private readonly ArrayFile array;
    private readonly ArrayPreparation preparation;
    private readonly bool single;
    private readonly Lazy<byte[]> contents;

    internal RowItems(ArrayFile array, InputSpec spec, ArrayPreparation preparation)
    {
        this.array = array;
        this.preparation = preparation;
        int rank = array.Shape.Rank;
        single = rank == 0 || (rank == spec.Dimensions.Count - 1 && !array.Shape.Dimensions.Contains(0) && FitsWithoutBatch(array.Shape, spec));
        Count = single ? 1 : (int)Math.Min(array.Shape[0], int.MaxValue);
        AreWholeRuns = !single && preparation.IsWholeRun(array.RowShape);
        contents = new Lazy<byte[]>(array.Hash);
    }

    internal override int Count { get; }

    internal override bool AreWholeRuns { get; }

    internal override string NameOf(int index) => string.Create(CultureInfo.InvariantCulture, $"row {index}");

    internal override Tensor Load(int index, string place) => preparation.Prepare(single ? array.ReadAll() : array.ReadRow(index), place);

    internal override void AppendTo(IncrementalHash hash, IReadOnlyList<int> chosen)
    {
        hash.AppendData(Encoding.UTF8.GetBytes($"{preparation.Treatment};{string.Join(',', chosen.Select(i => i.ToString(CultureInfo.InvariantCulture)))};"));
        hash.AppendData(contents.Value);
    }

    /// <summary>[3,224,224] is one picture for [?,3,224,224]; but [200,48] is 200 rows for [?,?,48].</summary>
    private static bool FitsWithoutBatch(Shape shape, InputSpec spec)
        => spec.Dimensions.Skip(1).Zip(shape.Dimensions, (wanted, given) => wanted == given).All(fits => fits);
}
