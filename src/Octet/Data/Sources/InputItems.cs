using System.Security.Cryptography;
using Octet.Numerics;

namespace Octet.Data.Sources;

/// <summary>The items of one input of a model: one value for each sample (or for each place in a batch).</summary>
internal abstract class InputItems
{
    /// <summary>Number of items.</summary>
    internal abstract int Count { get; }

    /// <summary>Whether an item is all that one run takes, so that items are not gathered to the model's fixed batch.</summary>
    internal virtual bool AreWholeRuns => false;

    /// <summary>What the user calls an item.</summary>
    internal abstract string NameOf(int index);

    /// <summary>An item's class where the data tells it.</summary>
    internal virtual int? LabelOf(int index) => null;

    /// <summary>An item's values, of the type that the input takes and with a batch of 1.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    /// <param name="place">How errors name the item.</param>
    /// <exception cref="OctetException">The item cannot be read or does not fit.</exception>
    internal abstract Tensor Load(int index, string place);

    /// <summary>Adds the contents of the chosen items and what is done to them.</summary>
    internal abstract void AppendTo(IncrementalHash hash, IReadOnlyList<int> chosen);
}
