namespace Octet.Dialects.Ppq.Settings;

/// <summary>Of PPQ's extension, which is empty.</summary>
public sealed record TemplateSetting
{
    /// <summary>Says nothing.</summary>
    public string MyFirstParameter { get; init; } = string.Empty;
}
