namespace Octet.Rewrites;

/// <summary>
/// Makes inputs that have defaults constants. Some exporters list every weight as such an input; what a caller could replace can be neither
/// folded nor quantized.
/// </summary>
public sealed class FreezeDefaults : IRewrite
{
    /// <inheritdoc/>
    public string Name => "freeze-defaults";

    /// <inheritdoc/>
    public string Description => "Inputs with default values become constants, which a caller can no longer replace";

    /// <inheritdoc/>
    public int Apply(RewriteContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Graph.FixInputDefaults();
    }
}
