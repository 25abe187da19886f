using System.Collections.Immutable;
using Octet.Planning;
using Octet.Planning.Targets;

namespace Octet;

/// <summary>What options ask of a target: the types of integers, and integers to the end.</summary>
internal static class AskedTypes
{
    /// <summary>Whether there are types that came with operator set 21: of 4 and 16 bits.</summary>
    public static bool NeedNewOperators(this QuantizerOptions options)
        => options.Mode == QuantizationMode.Static && (options.WeightBits < 5 || options.ActivationBits > 8 || options.Layers.Any(l => l.WeightBits < 5));

    /// <summary>The target with the types.</summary>
    public static Target TargetWithTypes(this QuantizerOptions options)
    {
        var target = TargetCatalog.Find(options.Target);
        return target with
        {
            Weights = target.Weights with { Bits = options.WeightBits },
            Activations = target.Activations with { Bits = options.ActivationBits },
            FloatTail = target.FloatTail && !options.IntegerOutputs,
            Operators = options.IntegerOutputs ? target.Operators.ToImmutableSortedDictionary(o => o.Key, o => o.Value with { FloatOutput = false }, StringComparer.Ordinal) : target.Operators,
            PairSumsMaySaturate = target.PairSumsMaySaturate && options.ActivationBits == 8,
        };
    }
}
