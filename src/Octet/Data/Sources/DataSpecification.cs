namespace Octet.Data.Sources;

/// <summary>A place where data lies, and the inputs that it is for.</summary>
/// <param name="Path">A file or folder.</param>
/// <param name="Inputs">One input, or all of a model's where the data itself tells them apart.</param>
internal sealed record DataPart(string Path, IReadOnlyList<InputSpec> Inputs);

/// <summary>Reads what <c>--data</c> says: a path, or <c>input=path,input=path</c>.</summary>
internal static class DataSpecification
{
    /// <summary>Splits a specification.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.InputsMismatched"/>, with all problems.</exception>
    internal static IReadOnlyList<DataPart> Parse(string specification, IReadOnlyList<InputSpec> inputs)
    {
        // A path may contain = and commas; whatever exists is a path.
        if (Path.Exists(specification) || !specification.Contains('=', StringComparison.Ordinal))
        {
            return [new DataPart(specification, inputs)];
        }

        var parts = new List<DataPart>();
        var problems = new List<string>();
        foreach (string part in specification.Split(','))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? part : part[..equals].Trim();
            var found = equals < 0 ? [] : Find(name, inputs);
            if (equals < 0)
            {
                problems.Add($"\"{part}\" is not of the form input=path");
            }
            else if (found.Count != 1)
            {
                problems.Add(found.Count > 1
                    ? $"\"{name}\" may mean {string.Join(" or ", found.Select(i => $"\"{i.Name}\""))}"
                    : $"the model has no input \"{name}\"; it has {string.Join(", ", inputs.Select(i => $"\"{i.Name}\""))}");
            }
            else if (parts.Any(p => p.Inputs[0] == found[0]))
            {
                problems.Add($"input \"{found[0].Name}\" is given twice");
            }
            else
            {
                parts.Add(new DataPart(part[(equals + 1)..].Trim(), found));
            }
        }

        if (problems.Count == 0)
        {
            problems.AddRange(inputs.Where(i => parts.All(p => p.Inputs[0] != i)).Select(i => $"input \"{i.Name}\" gets no data"));
        }

        return problems.Count == 0 ? parts : throw new OctetException(ErrorCodes.InputsMismatched, $"data \"{specification}\": {string.Join("; ", problems)}");
    }

    private static IReadOnlyList<InputSpec> Find(string name, IReadOnlyList<InputSpec> inputs)
    {
        var exact = inputs.Where(i => i.Name == name).ToArray();
        return exact.Length > 0 ? exact : [.. inputs.Where(i => name.Length > 0 && i.Name.Contains(name, StringComparison.OrdinalIgnoreCase))];
    }
}
