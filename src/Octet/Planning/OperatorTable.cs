using System.Collections.Immutable;

namespace Octet.Planning;

/// <summary>Writes down which operators a target computes with integers.</summary>
internal static class OperatorTable
{
    /// <summary>A table from rows of a rule and the operators that it holds for; an operator may stand in one row only.</summary>
    public static ImmutableSortedDictionary<string, OperatorRule> Of(params ReadOnlySpan<(OperatorRule Rule, string[] Operators)> rows)
    {
        var table = ImmutableSortedDictionary.CreateBuilder<string, OperatorRule>(StringComparer.Ordinal);
        foreach (var (rule, operators) in rows)
        {
            foreach (string name in operators)
            {
                table.Add(name, rule);
            }
        }

        return table.ToImmutable();
    }
}
