namespace Octet.Planning.Targets;

/// <summary>The list of all targets.</summary>
public static class TargetCatalog
{
    /// <summary>All targets; the first is the default.</summary>
    public static IReadOnlyList<Target> All { get; } = [OnnxRuntimeTarget.Table, OnnxRuntimeS8S8Target.Table, GenericTarget.Table, FpgaInt8Target.Table];

    /// <summary>The target of that name.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.UnknownName"/>: there is none.</exception>
    public static Target Find(string name)
        => All.FirstOrDefault(t => t.Name == name) ?? throw NameSuggestion.Unknown("target", name, All.Select(t => t.Name));
}
